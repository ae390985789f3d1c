import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// Runs bundled specs, one after the other, in one warm process: its parent sends { bundle } (a path) and receives
// { failed, ms }. It uses Jest's own test runner and expect, which Jest brings along, without Jest's module registry;
// one module per bundle stays in memory, so the parent replaces this process now and then.

const fromJest = createRequire(createRequire(import.meta.url).resolve('jest'));
const fromCore = createRequire(fromJest.resolve('@jest/core'));
const fromConfig = createRequire(fromCore.resolve('jest-config'));
const circus = fromConfig('jest-circus') as Circus;
const { expect } = createRequire(fromConfig.resolve('jest-circus'))('expect') as { expect: unknown };
const { describe, it, test, beforeAll, beforeEach, afterAll, afterEach } = circus;

interface Circus extends Record<string, unknown> {
  resetState(): void;
  run(): Promise<{ unhandledErrors: unknown[]; testResults: { errors: unknown[]; testPath: string[] }[] }>;
  addEventHandler(handler: (event: { name: string; test?: { mode?: string | null } }) => void): void;
}

Object.assign(globalThis, {
  specGlobals: { describe, it, test, beforeAll, beforeEach, afterAll, afterEach, expect },
});
let hasFailed = false;
circus.addEventHandler((event) => {
  if (event.name === 'test_fn_failure' || event.name === 'hook_failure') hasFailed = true;
  // One failed test kills the mutant: the others need not run.
  if (event.name === 'test_start' && event.test && hasFailed) event.test.mode = 'skip';
});

async function run(bundle: string): Promise<string | null> {
  circus.resetState();
  hasFailed = false;
  try {
    await import(pathToFileURL(bundle).href);
    const { unhandledErrors, testResults } = await circus.run();
    const failed = testResults.find(({ errors }) => errors.length > 0);
    if (failed) return `${failed.testPath.slice(1).join(' › ')}: ${String(failed.errors[0]).slice(0, 2000)}`;
    if (testResults.length === 0) return 'The spec contains no test.';
    return unhandledErrors.length > 0 ? String(unhandledErrors[0]) : null;
  } catch (error) {
    return String(error);
  }
}

// A mutant may break a promise that its spec does not await.
process.on('unhandledRejection', () => undefined);
process.on('uncaughtException', () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', ({ bundle }: { bundle: string }) => {
  const begin = Date.now();
  void run(bundle).then((failed) => process.send?.({ failed, ms: Date.now() - begin }));
});
