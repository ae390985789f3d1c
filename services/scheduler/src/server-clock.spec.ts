import { describe, expect, it } from '@jest/globals';
import type { ExplainRepository } from '#libs/database';
import { ServerClock } from './server-clock.js';

describe('the clock of Postgres', () => {
  it('is read before it is used, and advances without further requests', async () => {
    const readings = [1_000_000];
    const clock = new ServerClock({
      now: () => Promise.resolve(readings.shift()!),
    } as Partial<ExplainRepository> as ExplainRepository);
    expect(() => clock.now()).toThrow(/has not been read/);
    expect(await clock.read()).toBe(1_000_000);
    const first = clock.now();
    expect(first).toBeGreaterThanOrEqual(1_000_000);
    expect(clock.now()).toBeGreaterThanOrEqual(first);
  });
});
