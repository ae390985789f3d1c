import { describe, expect, it } from '@jest/globals';
import { OUTCOMES } from './outcome.js';
import { retryDelay, retryPolicySchema } from './retry-policy.js';

const attempts = (outcome: (typeof OUTCOMES)[number]) => {
  let attempt = 1;
  while (retryDelay(outcome, attempt, { random: 0 }) !== null) attempt += 1;
  return attempt - 1;
};

describe('the retry delay', () => {
  it('retries only failures that are often temporary', () => {
    expect(Object.fromEntries(OUTCOMES.map((outcome) => [outcome, attempts(outcome)]))).toEqual({
      ok: 0,
      'ok-with-warnings': 0,
      empty: 0,
      'app-error': 1,
      'invalid-input': 0,
      'invalid-output': 0,
      timeout: 2,
      unreachable: 3,
      'out-of-memory': 3,
      'media-missing': 0,
      'crash-loop': 0,
      cancelled: 0,
    });
  });

  it('waits longer each time, spread by at most a quarter', () => {
    const delays = [1, 2, 3].map((attempt) => retryDelay('unreachable', attempt, { random: 0 }));
    expect(delays).toEqual([5000, 10_000, 20_000]);
    expect(retryDelay('unreachable', 1, { random: 0.999 })).toBeLessThanOrEqual(6250);
    expect(retryDelay('unreachable', 1, { random: 0.999 })).toBeGreaterThan(6000);
  });

  it('waits at least as long as the app requested', () => {
    expect(retryDelay('unreachable', 1, { random: 0, retryAfter: 60 })).toBe(60_000);
    expect(retryDelay('unreachable', 1, { random: 0, retryAfter: 1 })).toBe(5000);
  });

  it('waits at most an hour for the app', () => {
    expect(retryDelay('unreachable', 1, { random: 0, retryAfter: 251_634_815_000 })).toBe(3_600_000);
  });

  it("follows an app's own policy where it has a rule, and the default rules elsewhere", () => {
    const policy = {
      'invalid-output': { attempts: 2, delaySeconds: 10 },
      unreachable: { attempts: 0, delaySeconds: 0 },
    };
    const delay = (outcome: (typeof OUTCOMES)[number], attempt: number) =>
      retryDelay(outcome, attempt, { policy, random: 0 });
    expect([1, 2, 3].map((attempt) => delay('invalid-output', attempt))).toEqual([10_000, 20_000, null]);
    expect(delay('unreachable', 1)).toBeNull();
    expect(delay('timeout', 1)).toBe(60_000);
  });

  it('never waits less than the policy requires, and doubles only up to 15 minutes', () => {
    const delays = (delaySeconds: number) =>
      [1, 2].map((attempt) =>
        retryDelay('timeout', attempt, { policy: { timeout: { attempts: 2, delaySeconds } }, random: 0 }),
      );
    expect(delays(600)).toEqual([600_000, 900_000]);
    expect(delays(7200)).toEqual([7_200_000, 7_200_000]);
  });

  it('follows the default rules without a policy', () => {
    const first = (outcome: (typeof OUTCOMES)[number]) => retryDelay(outcome, 1, { random: 0 });
    expect(first('app-error')).toBe(5000);
    expect(first('out-of-memory')).toBe(30_000);
    expect(retryDelay('app-error', 1, { random: 0, policy: { 'app-error': { attempts: 1, delaySeconds: 0 } } })).toBe(
      0,
    );
  });

  it.each([
    [0, 0, true],
    [20, 86_400, true],
    [21, 0, false],
    [-1, 0, false],
    [1, 86_401, false],
    [1, -1, false],
  ])('accepts %d attempts after %d s: %p', (attempts, delaySeconds, accepted) => {
    expect(retryPolicySchema.safeParse({ timeout: { attempts, delaySeconds } }).success).toBe(accepted);
  });

  it('rejects a policy that would retry successes or cancelled stages', () => {
    const parsed = (outcome: string) => retryPolicySchema.safeParse({ [outcome]: { attempts: 1, delaySeconds: 1 } });
    expect(OUTCOMES.filter((outcome) => !parsed(outcome).success)).toEqual([
      'ok',
      'ok-with-warnings',
      'empty',
      'cancelled',
    ]);
  });
});
