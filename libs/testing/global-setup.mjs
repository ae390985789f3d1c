import { join } from 'node:path';

/** Starts the servers that all suites of a Jest run share; `#libs/*` is the built code, so `npm test` builds first. */
export default async function setUp({ rootDir }) {
  const { startTestRun } = await import('#libs/testing');
  const { migrate } = await import('#libs/database');
  globalThis.chowdaTestRun = await startTestRun(join(rootDir, '.chowda', 'programs'), migrate ?? (async () => {}));
}
