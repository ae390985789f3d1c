import TestSequencer from '@jest/test-sequencer';

const KINDS = ['full', 'e2e', 'integration', 'unit'];

/**
 * Runs long suites first, so that no worker is idle at the end. Jest does this with the durations of the last run; on a
 * new machine it would go by file size, and short files can run for minutes. Here the kind of suite decides first.
 */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const rank = ({ duration, context }) =>
      duration === undefined ? KINDS.indexOf(context.config.displayName?.name) : KINDS.length;
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
