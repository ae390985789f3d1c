import { writeFileSync } from 'node:fs';

/**
 * Counts passed and failed tests into the file CHOWDA_TEST_COUNTS, for the closing line of `npm test`. A suite that
 * could not run counts as one failed test.
 */
export default class PassedFailedReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const file = process.env.CHOWDA_TEST_COUNTS;
    if (!file) return;
    writeFileSync(file, JSON.stringify({ passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites }));
    process.send?.('complete');
  }
}
