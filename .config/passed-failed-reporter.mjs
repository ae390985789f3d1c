import { writeFileSync } from 'node:fs';

/**
 * Writes the numbers of passed and failed tests to the file CHOWDA_TEST_COUNTS, for the last line of `npm test`. A suite
 * that cannot run counts as one failed test.
 */
export default class PassedFailedReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const file = process.env.CHOWDA_TEST_COUNTS;
    if (!file) return;
    writeFileSync(file, JSON.stringify({ passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites }));
    process.send?.('complete');
  }
}
