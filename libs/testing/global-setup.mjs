import { join } from 'node:path';

/** Starts what all suites of one Jest run share; `#libs/*` is the built code, which `npm test` makes first. */
export default async function setUp({ rootDir }) {
  const { startTestRun } = await import('#libs/testing');
  const { migrate } = await import('#libs/database');
  globalThis.chowdaTestRun = await startTestRun(join(rootDir, '.chowda', 'programs'), migrate ?? (async () => {}));
}
