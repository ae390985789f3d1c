import { describe, expect, it } from '@jest/globals';
import { KILLED, planDisturbances } from './plan.js';

const FULL = { kills: 30, freezeSeconds: 90, deletions: true };
const kinds = (plan: ReturnType<typeof planDisturbances>) => plan.map(({ disturbance }) => disturbance.kind);

describe(planDisturbances, () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planDisturbances(5, FULL)).toEqual(planDisturbances(5, FULL));
    expect(planDisturbances(5, FULL)).not.toEqual(planDisturbances(6, FULL));
  });

  it('kills as often as asked, and every kind of process once at least', () => {
    const killed = planDisturbances(5, FULL).flatMap(({ disturbance }) =>
      disturbance.kind === 'kill' ? [disturbance.process] : [],
    );
    expect(killed).toHaveLength(30);
    expect(new Set(killed)).toEqual(new Set(KILLED));
  });

  it('freezes a worker and the leader, deletes consumers, and STAGES before EVENTS', () => {
    const plan = planDisturbances(5, FULL);
    expect(kinds(plan).filter((kind) => kind === 'freeze')).toHaveLength(2);
    expect(kinds(plan)).toContain('delete-consumer');
    const streams = plan.flatMap(({ disturbance }) => ('stream' in disturbance ? [disturbance.stream] : []));
    expect(streams).toEqual(['STAGES', 'EVENTS']);
  });

  it('deletes and freezes nothing when told so', () => {
    const plan = planDisturbances(5, { kills: 8, freezeSeconds: 0, deletions: false });
    expect(new Set(kinds(plan))).toEqual(new Set(['kill', 'replay']));
  });

  it('comes in order while the batch is under way', () => {
    const times = planDisturbances(9, FULL).map(({ at }) => at);
    expect(times).toEqual([...times].sort((left, right) => left - right));
    expect(times[0]).toBeGreaterThan(0);
    expect(times.at(-1)).toBeLessThan(0.95);
  });
});
