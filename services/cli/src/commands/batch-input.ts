import { InvalidArgumentError } from 'commander';

/**
 * Input of the first stage: the media file alone, its latest MMIF document, or the output of a stage of another batch.
 */
export type BatchInput =
  | { readonly kind: 'source' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'stage'; readonly batch: number; readonly stage: number };

/** Parses `source`, `latest` or `<batch>:<stage>`. */
export function batchInput(text: string): BatchInput {
  if (text === 'source' || text === 'latest') return { kind: text };
  const [, batch, stage] = /^(\d{1,10}):(\d{1,2})$/.exec(text) ?? [];
  if (batch === undefined || stage === undefined)
    throw new InvalidArgumentError('Expected source, latest, or a stage of a batch such as 12:0.');
  return { kind: 'stage', batch: Number(batch), stage: Number(stage) };
}
