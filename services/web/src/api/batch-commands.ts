import type { CommandAnswer, HoldBatch, ResumeBatch, RetryBatch } from '#libs/contracts';
import { request } from './request.js';

const KEY_BYTES = 16;

/** Different for each command. `crypto.randomUUID` exists only on secure pages, and Chowda may be used over HTTP. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(KEY_BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join('');

type Body = Partial<HoldBatch & ResumeBatch & RetryBatch>;

/** Sends a command to the scheduler; the answer says what it has done. A proxy that repeats the request has no effect. */
async function command(batch: number, verb: string, body: Body): Promise<CommandAnswer> {
  const response = await request(`/api/batches/${batch}/${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': newKey() },
    body: JSON.stringify(body),
  });
  return (await response.json()) as CommandAnswer;
}

/** Ends the hold of a batch at a stage: all its files continue there. */
export const resumeStage = (batch: number, stage: number): Promise<CommandAnswer> =>
  command(batch, 'resume', { stage });

/** Retries the files that failed at an app, and ends the hold at its stage. */
export async function retryStage(batch: number, stage: number, app: string): Promise<CommandAnswer> {
  const retried = await command(batch, 'retry', { app });
  await resumeStage(batch, stage);
  return retried;
}

/** Cancels the runs of a batch that have not ended. */
export const cancelBatch = (batch: number): Promise<CommandAnswer> => command(batch, 'cancel', {});
