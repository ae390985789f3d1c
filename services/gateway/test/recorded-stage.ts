import type { Page } from '#libs/contracts';
import { type ArchivedDocument, RecorderRepository, type StageChange } from '#libs/database';
import type { TestGateway } from './test-gateway.js';

/** The id of a batch's first run. */
export async function firstRun({ client }: TestGateway, batch: number): Promise<number> {
  const { items } = (await client.get(`/api/batches/${batch}/runs?limit=1`)).body as Page<{ id: number }>;
  return items[0]!.id;
}

/** A first stage of two that is done, without an output. */
export const FIRST_STAGE: Omit<StageChange, 'batch' | 'run'> = {
  row: 0,
  index: 0,
  stages: 2,
  app: 'shots_v1',
  state: 'done',
  outcome: 'ok',
  sentence: null,
  fingerprint: null,
  trace: null,
  httpStatus: null,
  generation: 1,
  root: '100',
  delivery: 1,
  rank: 2,
  calls: 1,
  worker: 'w1',
  queuedAt: null,
  startedAt: null,
  settledAt: null,
  annotations: {},
  warnings: [],
  notices: [],
  mark: null,
  runningSeconds: null,
  coverage: null,
  retryAfter: null,
  retryAt: null,
  document: null,
};

/** Records what happened to the first file of a batch of two stages, as the scheduler does; by default its first stage is done. */
export async function record(
  gateway: TestGateway,
  batch: number,
  change: Partial<StageChange>,
  documents: ArchivedDocument[] = [],
): Promise<void> {
  const base = { ...FIRST_STAGE, batch, run: await firstRun(gateway, batch) };
  const cursor = { stream: 'EVENTS', streamCreated: '2026-01-01T00:00:00.000Z', sequence: 1 };
  await gateway.app.get(RecorderRepository, { strict: false }).record([{ ...base, ...change }], documents, cursor);
}
