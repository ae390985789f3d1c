/** Whether this is a run of `npm run test:full`. `npm test` tries fewer inputs, and not every combination of cases. */
export const isFullRun = process.env['CHOWDA_FULL_TESTS'] !== undefined;
