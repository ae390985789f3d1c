import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '#deploy/local';
import { optionalPython } from './optional-python.js';
import type { PythonEnvironment } from './python-environment.js';

const VERSION = '4.32.5';
// Also the built code finds them.
const PYTHON = join(repositoryRoot, 'libs', 'testing', 'python');
const FOLDER = join(repositoryRoot, '.chowda', 'python');
const RUN = 'from schemathesis.cli import schemathesis; schemathesis()';

/** A Python with schemathesis, made once and kept; null, after a sentence that says why, where it cannot be had. */
export const schemathesis = (): Promise<PythonEnvironment | null> =>
  optionalPython({
    folder: join(FOLDER, `schemathesis-${VERSION}`),
    package: 'schemathesis',
    version: VERSION,
    installs: [[`schemathesis==${VERSION}`]],
    constraints: join(PYTHON, 'constraints-schemathesis.txt'),
  });

/** What to try, and how much. */
export interface FuzzOptions {
  readonly python: string;
  /** Address of the OpenAPI document. */
  readonly document: string;
  readonly token: string;
  /** Where its files go. */
  readonly folder: string;
  /** Inputs of each kind for each operation. */
  readonly examples: number;
  /** Repeats what was tried. */
  readonly seed: number;
  /** Which of its phases: examples, coverage, fuzzing, stateful. */
  readonly phases: readonly string[];
  /** Told what it writes. */
  readonly tell?: (text: string) => void;
}

/** What became of it. */
export interface FuzzResult {
  /** No check has failed, and nothing else went wrong. */
  readonly isClean: boolean;
  readonly requests: number;
  /** What it has written. */
  readonly output: string;
}

/** Sends made-up requests to all that an OpenAPI document describes, and checks the answers with every check there is. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const cassette = join(options.folder, 'requests.har');
  const child = spawn(options.python, ['-c', RUN, ...argumentsOf(options, cassette)], {
    cwd: options.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONUTF8: '1', COLUMNS: '160' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      options.tell?.(text);
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { isClean: code === 0, requests: await countRequests(cassette), output };
}

const argumentsOf = (options: FuzzOptions, cassette: string): string[] => [
  '--config-file',
  join(PYTHON, 'schemathesis.toml'),
  'run',
  options.document,
  `--header=Authorization: Bearer ${options.token}`,
  '--checks=all',
  `--phases=${options.phases.join()}`,
  `--max-examples=${options.examples}`,
  `--seed=${options.seed}`,
  '--workers=2',
  '--generation-database=none',
  '--suppress-health-check=all',
  '--report=har',
  `--report-har-path=${cassette}`,
  '--continue-on-failure',
  '--no-color',
];

async function countRequests(cassette: string): Promise<number> {
  const text = await readFile(cassette, 'utf8').catch(() => '{"log": {"entries": []}}');
  return (JSON.parse(text) as { log: { entries: unknown[] } }).log.entries.length;
}
