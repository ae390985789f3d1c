import type { Page } from '#libs/contracts';
import { type ArchivedDocument, RecorderRepository, type StageChange } from '#libs/database';
import { stageChange } from '#libs/testing';
import type { TestGateway } from './test-gateway.js';

/** The id of a batch's first run. */
export async function firstRun({ client }: TestGateway, batch: number): Promise<number> {
  const { items } = (await client.get(`/api/batches/${batch}/runs?limit=1`)).body as Page<{ id: number }>;
  return items[0]!.id;
}

/** A first stage of two that is done, without an output. */
export const FIRST_STAGE: StageChange = stageChange({ state: 'done', outcome: 'ok', worker: 'w1' });

/** Records a change of the first file of a batch, as the scheduler does; by default the first of two stages is done. */
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
