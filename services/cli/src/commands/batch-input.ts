import { InvalidArgumentError } from 'commander';

/** What the first stage of a batch is given: the media alone, the newest MMIF of each file, or a stage of a batch. */
export type BatchInput =
  | { readonly kind: 'source' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'stage'; readonly batch: number; readonly stage: number };

/** Reads `source`, `latest`, or `<batch>:<stage>`. */
export function batchInput(text: string): BatchInput {
  if (text === 'source' || text === 'latest') return { kind: text };
  const [, batch, stage] = /^(\d{1,10}):(\d{1,2})$/.exec(text) ?? [];
  if (batch === undefined || stage === undefined)
    throw new InvalidArgumentError('It is source, latest, or a stage of a batch such as 12:0.');
  return { kind: 'stage', batch: Number(batch), stage: Number(stage) };
}
