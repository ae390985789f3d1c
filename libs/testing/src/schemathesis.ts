import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '#deploy/local';
import { type FuzzTally, type OpenApiPaths, operationsOf, tallyOf } from './fuzz-tally.js';
import { keptThings } from './kept-things.js';
import { type KnownThings, settingsOf } from './known-things.js';
import { optionalPython } from './optional-python.js';
import type { PythonEnvironment } from './python-environment.js';

const VERSION = '4.32.5';
// Relative to the root, so that the built code finds them.
const PYTHON = join(repositoryRoot, 'libs', 'testing', 'python');
const FOLDER = join(repositoryRoot, '.chowda', 'python');
const RUN = 'from schemathesis.cli import schemathesis; schemathesis()';

/** A Python environment with schemathesis, created once and reused; null, after a printed reason, if it is unavailable. */
export const schemathesis = (): Promise<PythonEnvironment | null> =>
  optionalPython({
    folder: join(FOLDER, `schemathesis-${VERSION}`),
    package: 'schemathesis',
    version: VERSION,
    installs: [[`schemathesis==${VERSION}`]],
    constraints: join(PYTHON, 'constraints-schemathesis.txt'),
  });

/** Phases of schemathesis: examples of the document, boundary values, random values, and chains of requests. */
export type FuzzPhase = 'examples' | 'coverage' | 'fuzzing' | 'stateful';

/** Options of a fuzz run. */
export interface FuzzOptions {
  readonly python: string;
  /** URL of the OpenAPI document. */
  readonly document: string;
  readonly token: string;
  /** Folder for its files. */
  readonly folder: string;
  /** Inputs of each kind for each operation. */
  readonly examples: number;
  /** Equal seeds repeat the requests. */
  readonly seed: number;
  readonly phases: readonly FuzzPhase[];
  /** Existing objects for the requests. */
  readonly things?: KnownThings;
  /** Receives the output as it is written. */
  readonly print?: (text: string) => void;
}

/** The result of a fuzz run. */
export interface FuzzResult {
  /** Whether all checks passed and no error occurred. */
  readonly isClean: boolean;
  readonly tally: FuzzTally;
  /** The complete output. */
  readonly output: string;
}

/** Sends generated requests to every operation of an OpenAPI document and checks the responses with all checks. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const document = await readDocument(options);
  const operations = operationsOf(document);
  // Given the URL, schemathesis would skip the operation that returns the document.
  const described = join(options.folder, 'openapi.json');
  await writeFile(described, JSON.stringify(document));
  const settings = join(options.folder, 'schemathesis.toml');
  const shared = await readFile(join(PYTHON, 'schemathesis.toml'), 'utf8');
  const names = operations.map(({ name }) => name);
  await writeFile(settings, `${shared}\n${settingsOf(options.things ?? {}, names)}`);
  const kept = join(options.folder, 'kept.json');
  await writeFile(kept, JSON.stringify(keptThings(options.things ?? {}, names)));
  const counted = join(options.folder, 'answers.json');
  const child = spawn(options.python, ['-c', RUN, ...argumentsOf(options, settings, described)], {
    cwd: options.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PYTHONUTF8: '1',
      COLUMNS: '160',
      SCHEMATHESIS_HOOKS: join(PYTHON, 'fuzz_hooks.py'),
      CHOWDA_FUZZ_TALLY: counted,
      CHOWDA_FUZZ_KEPT: kept,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      options.print?.(text);
    });
  const [code] = (await once(child, 'close')) as [number | null];
  const answers = JSON.parse(await readFile(counted, 'utf8').catch(() => '{}')) as Record<
    string,
    Record<string, number>
  >;
  return { isClean: code === 0, tally: tallyOf(answers, operations), output };
}

async function readDocument({ document, token }: FuzzOptions): Promise<OpenApiPaths> {
  const answer = await fetch(document, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`Reading ${document} failed with status ${answer.status}: check CHOWDA_TOKEN.`);
  return (await answer.json()) as OpenApiPaths;
}

const argumentsOf = (options: FuzzOptions, settings: string, described: string): string[] => [
  '--config-file',
  settings,
  'run',
  described,
  `--url=${new URL('/', options.document).href}`,
  `--header=Authorization: Bearer ${options.token}`,
  '--checks=all',
  `--phases=${options.phases.join()}`,
  `--max-examples=${options.examples}`,
  `--seed=${options.seed}`,
  '--workers=2',
  '--generation-database=none',
  '--suppress-health-check=all',
  '--continue-on-failure',
  '--no-color',
];
