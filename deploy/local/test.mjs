// Installs and builds if needed, runs Jest with the given arguments, and ends with the line "N passed, N failed".
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithParent } from './end-with-parent.mjs';
import { prepare, root } from './prepare.mjs';

const END_WITHIN_MS = 30_000;

endWithParent();
await prepare();
const full = process.argv.includes('--full');
const folder = mkdtempSync(join(tmpdir(), 'chowda-counts-'));
const countsFile = join(folder, 'counts.json');
const jest = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
    ...process.argv.slice(2).filter((argument) => argument !== '--full'),
  ],
  {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, CHOWDA_TEST_COUNTS: countsFile, ...(full ? { CHOWDA_FULL_TESTS: '1' } : {}) },
  },
);
// Ctrl-C reaches Jest too, which stops its servers; this process waits for Jest.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => jest.kill('SIGTERM'));
let hangs = false;
jest.once('message', () => {
  const timer = setTimeout(() => {
    hangs = true;
    process.stderr.write('Jest did not exit after its last test: a test left a handle open.\n');
    jest.kill('SIGKILL');
  }, END_WITHIN_MS);
  timer.unref();
});

jest.once('close', (code) => {
  const { passed, failed } = readCounts();
  const isSuccess = code === 0 && !hangs;
  process.stdout.write(`\n${passed} passed, ${isSuccess ? failed : Math.max(failed, 1)} failed\n`);
  rmSync(folder, { recursive: true, force: true });
  process.exit(isSuccess ? 0 : code || 1);
});

function readCounts() {
  try {
    return JSON.parse(readFileSync(countsFile, 'utf8'));
  } catch {
    return { passed: 0, failed: 1 };
  }
}
