import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** A file, its text, and the rule that must fire. */
const ILLEGAL: [file: string, text: string, rule: string][] = [
  ['services/a/src/env.ts', 'export const a = process.env;', 'no-process-env'],
  ['services/a/src/any.ts', 'export const a = (b: any): unknown => b;', 'no-explicit-any'],
  ['services/a/src/floating.ts', 'export const a = (b: Promise<void>) => { b; };', 'no-floating-promises'],
  ['services/a/src/console.ts', 'console.log(1);\nexport {};', 'no-console'],
  ['services/a/src/default.ts', 'const a = 1;\nexport default a;', 'no-default-export'],
  ['services/a/src/equal.ts', 'export const a = (b: unknown) => b == 1;', 'eqeqeq'],
  ['services/a/src/long.ts', `${'export {};\n'.repeat(401)}`, 'max-lines'],
  [
    'services/a/src/switch.ts',
    "export function a(b: 'c' | 'd'): number {\n  switch (b) {\n    case 'c':\n      return 1;\n  }\n  return 2;\n}",
    'switch-exhaustiveness-check',
  ],
];

const LEGAL: [file: string, text: string][] = [
  ['libs/runtime/src/env.ts', 'export const a = process.env;'],
  ['deploy/local/src/env.ts', 'export const a = process.env;'],
  ['services/a/src/awaited.ts', 'export const a = async (b: Promise<void>) => { await b; };'],
];

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

describe('the lint rules', () => {
  let planted: string;
  let diagnostics: Diagnostic[];

  beforeAll(async () => {
    planted = await realpath(await mkdtemp(join(tmpdir(), 'chowda-lint-')));
    for (const [file, text] of [...ILLEGAL, ...LEGAL]) {
      await mkdir(dirname(join(planted, file)), { recursive: true });
      await writeFile(join(planted, file), `${text}\n`);
    }
    for (const file of ['.config', 'tsconfig.json', 'package.json']) {
      await cp(file, join(planted, file), { recursive: true });
    }
    await symlink(join(process.cwd(), 'node_modules'), join(planted, 'node_modules'));
    diagnostics = await lint(planted);
  });
  afterAll(() => rm(planted, { recursive: true, force: true }));

  it.each(ILLEGAL)('reject %s', (file, _text, rule) => {
    const codes = diagnostics.filter(({ filename }) => filename === file).map(({ code }) => code);
    expect(codes).toContainEqual(expect.stringContaining(rule));
  });

  it.each(LEGAL)('accept %s', (file) => {
    expect(diagnostics.filter(({ filename }) => filename === file)).toEqual([]);
  });
});

async function lint(folder: string): Promise<Diagnostic[]> {
  const program = join(process.cwd(), 'node_modules', 'oxlint', 'bin', 'oxlint');
  const args = ['--config', '.config/oxlintrc.json', '--type-aware', '--format', 'json', 'libs', 'services', 'deploy'];
  // Findings make the program fail; its standard output contains them.
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { cwd: folder }).catch(
    (error: { stdout: string }) => error,
  );
  return (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics;
}
