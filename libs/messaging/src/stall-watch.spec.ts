import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StallWatch } from './stall-watch.js';

describe(StallWatch, () => {
  let watch: StallWatch;
  let start: number;
  beforeEach(() => {
    start = Date.now();
    watch = new StallWatch();
  });
  afterEach(() => watch.close());

  it('sees no standstill while it is asked often', () => {
    for (let now = start; now < start + 5000; now += 500) expect(watch.stalled(now)).toBe(false);
  });

  it('sees a standstill of more than a second at once, for some seconds and no longer', () => {
    const end = start + 1500;
    expect(watch.stalled(end)).toBe(true);
    for (let now = end; now < end + 5000; now += 500) expect(watch.stalled(now)).toBe(true);
    expect(watch.stalled(end + 5000)).toBe(false);
  });

  it('sees each of two standstills', () => {
    watch.stalled(start + 2000);
    expect(watch.stalled(start + 20_000)).toBe(true);
  });
});
