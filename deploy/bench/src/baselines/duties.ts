import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { StageEvent } from '#libs/contracts';

interface Document {
  readonly metadata: unknown;
  readonly documents: unknown;
  readonly views: readonly unknown[];
}

/** Throws unless an answer is its input with at least one more view. */
export function checkAddition(input: string, answer: string): void {
  const [given, returned] = [JSON.parse(input) as Document, JSON.parse(answer) as Document];
  const kept = { ...returned, views: returned.views.slice(0, given.views.length) };
  if (!isDeepStrictEqual(kept, given)) throw new Error('The answer is not its input with new views.');
  if (returned.views.length === given.views.length) throw new Error('The answer has no new view.');
}

/** The event with the reference to the output of its stage. */
export const withOutput = (event: StageEvent, document: Uint8Array): StageEvent => ({
  ...event,
  document: {
    inline: true,
    sha256: createHash('sha256').update(document).digest('hex'),
    bytes: document.byteLength,
  },
});
