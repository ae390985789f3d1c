import { describe, expect, it } from '@jest/globals';
import { failing, Simulation } from './simulation.fixture.js';

const SECOND = 1000;
const HOUR = 3600;
const NO_MEMORY = failing('out-of-memory');
const BROKEN = failing('app-error', 'broken');
const REFUSED = { ...failing('unreachable', 'refused'), unreached: 'connection' as const };
const BUSY = { ...failing('unreachable', 'busy'), unreached: 'busy' as const };

describe('a batch', () => {
  it('is not held because of 10 bad files of 120, which are retried at its end', () => {
    const simulation = new Simulation([120], ({ run }) => (run > 110 ? BROKEN : null));
    simulation.run(HOUR, () => simulation.held.length > 0 || simulation.count('waiting') === 0);
    expect([simulation.held, simulation.isPaused]).toEqual([[], false]);
    expect([simulation.count('done'), simulation.count('failed')]).toEqual([110, 10]);
  });

  it('is not held because of 25 files with missing media', () => {
    const simulation = new Simulation([60], ({ run }) => (run <= 25 ? failing('media-missing') : null));
    simulation.run(60);
    expect([simulation.count('done'), simulation.count('failed')]).toEqual([35, 25]);
  });

  it('is not held by 300 retries at its end when 92 % are good', () => {
    const simulation = new Simulation([3750], ({ run }) => (run % 12 === 0 ? NO_MEMORY : null), 64);
    simulation.run(HOUR);
    expect(simulation.held).toEqual([]);
    expect(simulation.count('failed')).toBe(312);
  });

  it('is held after 20 files that fail in the same way, and loses none of 2,000 to an app that is dead for a day', () => {
    const simulation = new Simulation([2000], (_, at) => (at < 24 * HOUR * SECOND ? BROKEN : null), 8);
    simulation.run(60, () => simulation.held.length > 0);
    simulation.run(25 * HOUR, () => simulation.held.length === 0);
    expect(simulation.count('failed')).toBe(0);
    // 20 files, those in progress, and one probe every 15 minutes.
    expect(simulation.calls).toBeLessThan(20 + 8 + 110);
    simulation.run(HOUR);
    expect(simulation.count('done')).toBe(2000);
  });

  it('loses at most 20 files and those in progress to failures that are not retried', () => {
    const simulation = new Simulation([2000], () => failing('invalid-output'), 8);
    simulation.run(60, () => simulation.held.length > 0);
    expect(() => simulation.run(24 * HOUR)).toThrow('not reached');
    expect(simulation.count('failed')).toBeLessThanOrEqual(20 + 8);
  });

  it('continues when only retries are left', () => {
    const simulation = new Simulation([23], () => failing('app-error', 'broken'), 1);
    simulation.run(60, () => simulation.held.length > 0);
    simulation.run(2 * HOUR);
    expect(simulation.count('failed')).toBe(23);
  });

  it('is probed with another file when the probe says nothing about the app', () => {
    const simulation = new Simulation([60], ({ run }, at) => {
      if (run > 20 && run < 30) return failing('media-missing');
      return at < 30 * SECOND ? BROKEN : null;
    });
    simulation.run(HOUR);
    expect([simulation.count('done'), simulation.count('failed')]).toEqual([51, 9]);
  });
});

describe('an app', () => {
  it('is not paused because of one batch', () => {
    const simulation = new Simulation([100], () => BROKEN);
    simulation.run(60, () => simulation.held.length > 0);
    expect(simulation.isPaused).toBe(false);
  });

  it('continues for other batches while one is held', () => {
    const simulation = new Simulation([100, 100], ({ batch }) => (batch === 1 ? BROKEN : null));
    simulation.run(HOUR, () => simulation.count('waiting', 2) === 0);
    expect(simulation.held).toEqual([1]);
    expect(simulation.count('done', 2)).toBe(100);
  });

  it('is paused when 20 files of two batches fail in the same way', () => {
    const simulation = new Simulation([19, 100], () => BROKEN, 1);
    simulation.run(60, () => simulation.isPaused);
    expect(simulation.held).toEqual([]);
    expect(simulation.count('failed')).toBe(0);
  });
});

describe('an app that does not accept calls', () => {
  it.each([
    [3, 75, REFUSED],
    [40, 75, REFUSED],
    [3, HOUR, REFUSED],
    [40, HOUR, REFUSED],
    [3, 75, BUSY],
    [40, 75, BUSY],
    [3, HOUR, BUSY],
    [40, HOUR, BUSY],
  ])('costs no file of %i when it is away for %i s', (files, seconds, answer) => {
    const simulation = new Simulation([files], (_, at) => (at < seconds * SECOND ? answer : null));
    simulation.run(seconds + 120);
    expect([simulation.count('done'), simulation.held, simulation.isPaused]).toEqual([files, [], false]);
  });

  it('fails a file that it always refuses while it processes others', () => {
    const simulation = new Simulation([300], ({ run }) => (run === 7 ? BUSY : null), 2);
    simulation.run(2 * HOUR);
    expect([simulation.count('done'), simulation.count('failed')]).toEqual([299, 1]);
  });
});
