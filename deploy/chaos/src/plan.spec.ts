import { describe, expect, it } from '@jest/globals';
import { KILLED, planDisturbances } from './plan.js';

const FULL = { kills: 30, freezeSeconds: 90, deletions: true };
const kinds = (plan: ReturnType<typeof planDisturbances>) => plan.map(({ disturbance }) => disturbance.kind);

describe(planDisturbances, () => {
  it('returns the same plan for the same seed, and another plan for another seed', () => {
    expect(planDisturbances(5, FULL)).toEqual(planDisturbances(5, FULL));
    expect(planDisturbances(5, FULL)).not.toEqual(planDisturbances(6, FULL));
  });

  it('plans the given number of kills, at least one for every kind of process', () => {
    const killed = planDisturbances(5, FULL).flatMap(({ disturbance }) =>
      disturbance.kind === 'kill' ? [disturbance.process] : [],
    );
    expect(killed).toHaveLength(30);
    expect(new Set(killed)).toEqual(new Set(KILLED));
  });

  it('plans to suspend a worker and the leader, and to delete consumers, STAGES and then EVENTS', () => {
    const plan = planDisturbances(5, FULL);
    expect(kinds(plan).filter((kind) => kind === 'freeze')).toHaveLength(2);
    expect(kinds(plan)).toContain('delete-consumer');
    const streams = plan.flatMap(({ disturbance }) => ('stream' in disturbance ? [disturbance.stream] : []));
    expect(streams).toEqual(['STAGES', 'EVENTS']);
  });

  it('plans no deletions and no suspensions if they are switched off', () => {
    const plan = planDisturbances(5, { kills: 8, freezeSeconds: 0, deletions: false });
    expect(new Set(kinds(plan))).toEqual(new Set(['kill', 'replay']));
  });

  it('plans in time order, while batches are in progress', () => {
    const times = planDisturbances(9, FULL).map(({ at }) => at);
    expect(times).toEqual([...times].sort((left, right) => left - right));
    expect(times[0]).toBeGreaterThan(0);
    expect(times.at(-1)).toBeLessThan(0.95);
  });
});
