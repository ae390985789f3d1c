import { describe, expect, it } from '@jest/globals';
// @ts-expect-error plain JavaScript, which runs without a build
import LongestFirst from './longest-first.mjs';

/** A suite of a kind with a file size; `duration`: its time in the last run, in ms. */
const suite = (path: string, kind: string, size: number, duration?: number) => ({
  path,
  size,
  duration,
  context: { config: { displayName: { name: kind, color: 'white' } }, hasteFS: { getSize: () => size } },
});
type Suite = ReturnType<typeof suite>;

/** The order of suites, with the durations of the last run as Jest would read them from its cache. */
function order(suites: readonly Suite[]): string[] {
  const durations = new Map(suites.map(({ path, duration }) => [path, duration]));
  const sequencer = new LongestFirst({ contexts: [], globalConfig: {} });
  sequencer.time = ({ path }: Suite) => durations.get(path);
  sequencer.hasFailed = () => false;
  return sequencer.sort([...suites]).map(({ path }: Suite) => path);
}

describe('the order of suites', () => {
  it('is by kind, then by size, on a new machine', () => {
    const [unit, small] = [suite('unit', 'unit', 900), suite('small', 'integration', 10)];
    const [large, e2e] = [suite('large', 'integration', 20), suite('e2e', 'e2e', 1)];
    expect(order([unit, small, large, e2e])).toEqual(['e2e', 'large', 'small', 'unit']);
  });

  it('is by the duration of the last run if there was one, after new suites', () => {
    const [short, long] = [suite('short', 'e2e', 9, 1000), suite('long', 'integration', 1, 9000)];
    expect(order([short, long, suite('new', 'unit', 1)])).toEqual(['new', 'long', 'short']);
  });
});
