import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SuspensionWatch } from './suspension-watch.js';

describe('the suspension watch', () => {
  let watch: SuspensionWatch;
  let start: number;
  beforeEach(() => {
    start = Date.now();
    watch = new SuspensionWatch();
  });
  afterEach(() => watch.close());

  it('reports no suspension while the process runs', () => {
    for (let now = start; now < start + 5000; now += 500) expect(watch.wasSuspended(now)).toBe(false);
  });

  it('reports a suspension of more than 1 s immediately and for 5 s', () => {
    const end = start + 1500;
    expect(watch.wasSuspended(end)).toBe(true);
    for (let now = end; now < end + 5000; now += 500) expect(watch.wasSuspended(now)).toBe(true);
    expect(watch.wasSuspended(end + 5000)).toBe(false);
  });

  it('reports each of two suspensions', () => {
    watch.wasSuspended(start + 2000);
    expect(watch.wasSuspended(start + 20_000)).toBe(true);
  });
});
