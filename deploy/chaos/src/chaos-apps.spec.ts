import { describe, expect, it } from '@jest/globals';
import { reactionOf } from './chaos-apps.js';

const guids = Array.from({ length: 2000 }, (_, row) => `tape-${row}`);
const firstReactions = (seed: number) => guids.map((guid) => reactionOf(seed, 0, { guid, attempt: 1 }));

describe(reactionOf, () => {
  it('returns the same for the same seed, file, stage and attempt', () => {
    expect(firstReactions(1)).toEqual(firstReactions(1));
    expect(firstReactions(1)).not.toEqual(firstReactions(2));
  });

  it('returns every temporary failure, only for the first call', () => {
    const first = new Set(firstReactions(1).map(({ kind }) => kind));
    expect(first).toEqual(new Set(['ok', 'error-view', 'close', 'html']));
    const second = guids.map((guid) => reactionOf(1, 0, { guid, attempt: 2 }).kind);
    expect(new Set(second)).toEqual(new Set(['ok']));
  });

  it('returns different bytes for a repeated call, so that a mix-up is visible', () => {
    const guid = guids.find((name) => reactionOf(1, 0, { guid: name, attempt: 1 }).kind === 'ok')!;
    expect(reactionOf(1, 0, { guid, attempt: 2 })).not.toEqual(reactionOf(1, 0, { guid, attempt: 1 }));
  });
});
