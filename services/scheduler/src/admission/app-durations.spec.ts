import { describe, expect, it } from '@jest/globals';
import type { StageEvent } from '#libs/contracts';
import type { AppDurationsRepository } from '#libs/database';
import { AppDurations } from './app-durations.js';

/** Keeps what is stored. */
function repository(stored = new Map<string, number>()) {
  const writes: unknown[] = [];
  const store = async (means: ReadonlyMap<string, number>) => {
    writes.push([...means]);
    for (const [app, mean] of means) stored.set(app, mean);
  };
  return { writes, all: async () => new Map(stored), store } as unknown as AppDurationsRepository & {
    readonly writes: unknown[];
  };
}

const event = (app: string, duration: number, kind: StageEvent['kind'] = 'done') =>
  ({ app, kind, times: { published: 0, started: 1000, settled: 1000 + duration } }) as StageEvent;

describe(AppDurations, () => {
  it('follows the duration of each app separately', () => {
    const durations = new AppDurations(repository());
    durations.observe([event('shots', 100), event('text', 4000)]);
    expect([...durations.all()]).toEqual([
      ['shots', 100],
      ['text', 4000],
    ]);
    durations.observe(Array.from({ length: 200 }, () => event('shots', 300)));
    expect(durations.all().get('shots')).toBeCloseTo(300, 0);
    expect(durations.all().get('text')).toBe(4000);
  });

  it('is little affected by a single slow call', () => {
    const durations = new AppDurations(repository());
    durations.observe([event('shots', 100), event('shots', 60_100)]);
    expect(durations.all().get('shots')).toBe(3100);
  });

  it('ignores failures and starts, and has no entry for an app that has finished nothing', () => {
    const durations = new AppDurations(repository());
    durations.observe([event('shots', 5, 'failed'), event('shots', 5, 'started'), event('shots', 5, 'cancelled')]);
    expect(durations.all().size).toBe(0);
  });

  it('stores what has changed, for the next leader', async () => {
    const stored = repository();
    const durations = new AppDurations(stored);
    await durations.save();
    durations.observe([event('shots', 100), event('text', 4000)]);
    await durations.save();
    durations.observe([event('text', 4000)]);
    await durations.save();
    await durations.save();
    expect(stored.writes).toEqual([
      [
        ['shots', 100],
        ['text', 4000],
      ],
      [['text', 4000]],
    ]);
    const next = new AppDurations(stored);
    next.observe([event('shots', 500)]);
    await next.load();
    expect([...next.all()]).toEqual([
      ['shots', 500],
      ['text', 4000],
    ]);
  });
});
