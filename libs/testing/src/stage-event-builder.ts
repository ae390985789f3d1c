import type { Slip, StageEvent } from '#libs/contracts';

/** An event that the first of two stages has started; `change` holds what matters to the test. */
export const stageEvent = (change: Partial<StageEvent> = {}): StageEvent => ({
  v: 1,
  installation: 'here',
  batch: 1,
  run: 5,
  row: 0,
  guid: 'cpb-aacip-1',
  index: 0,
  stages: 2,
  app: 'shots_v1',
  generation: 1,
  root: '1790000000000000001',
  delivery: 1,
  call: 1,
  kind: 'started',
  worker: 'w1',
  times: { published: 1_790_000_000_000, started: 1_790_000_001_000 },
  ...change,
});

/** An event of the stage that a slip addresses. */
export function stageEventOf(slip: Slip, change: Partial<StageEvent> = {}): StageEvent {
  const { installation, batch, batchKey, run, row, guid, index, generation, route } = slip;
  const stage = {
    installation,
    batch,
    ...(batchKey === undefined ? {} : { batchKey }),
    run,
    row,
    guid,
    index,
    stages: route.length,
    app: route[index]!.app,
    generation,
  };
  return stageEvent({ ...stage, ...(slip.root === null ? {} : { root: slip.root }), ...change });
}
