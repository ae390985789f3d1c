import { describe, expect, it } from '@jest/globals';
import {
  DECIDED_HEADER,
  encodeBody,
  LINEAGE_HEADER,
  readSlip,
  type ReadStageEvent,
  type Slip,
  type StageEvent,
} from '#libs/contracts';
import { nextStage } from './next-stage.js';

const inline = new TextEncoder().encode('{"views": [1.0]}');
const inlineRef = { inline: true, sha256: 'b'.repeat(64), bytes: inline.byteLength } as const;
const storedRef = { key: '7/9/0/x', sha256: 'c'.repeat(64), bytes: 70_000, encoding: 'gzip' } as const;
const slip: Slip = {
  v: 1,
  installation: 'here',
  batch: 7,
  run: 9,
  row: 0,
  guid: 'cpb-aacip-1',
  index: 0,
  generation: 2,
  root: null,
  route: ['shots', 'text'].map((app) => ({ app, parameters: {}, deadline: 60 })),
  document: { inline: true, sha256: 'a'.repeat(64), bytes: 2 },
};
const settlement = (change: Partial<StageEvent> = {}): ReadStageEvent => ({
  event: {
    v: 1,
    installation: 'here',
    batch: 7,
    run: 9,
    row: 0,
    guid: 'cpb-aacip-1',
    index: 0,
    stages: 2,
    app: 'shots',
    generation: 2,
    root: '55',
    delivery: 1,
    call: 1,
    kind: 'done',
    worker: 'w1',
    times: { published: 1, started: 2, settled: 3 },
    document: inlineRef,
    ...change,
  },
  inline,
});

describe('nextStage', () => {
  it('does not carry the calls of its own stage to the next one', () => {
    expect(readSlip(nextStage({ ...slip, calls: 3 }, settlement())!.body)).toMatchObject({
      slip: expect.not.objectContaining({ calls: expect.anything() }),
    });
  });

  it('carries the committed output inline to the next app, in the lineage of the settlement', () => {
    const next = nextStage(slip, settlement())!;
    expect(next.subject).toBe('stage.text.7.9.1');
    expect(next.headers).toMatchObject({ [LINEAGE_HEADER]: '2.55', [DECIDED_HEADER]: '3' });
    expect(readSlip(next.body)).toEqual({ slip: { ...slip, index: 1, root: '55', document: inlineRef }, inline });
  });

  it('sends only the claim check of an output in the bucket, without inline bytes', () => {
    const next = nextStage(slip, settlement({ document: storedRef }))!;
    expect(next.body).toEqual(encodeBody({ ...slip, generation: 2, root: '55', index: 1, document: storedRef }));
    expect(readSlip(next.body)).toMatchObject({ slip: { document: storedRef }, inline: new Uint8Array() });
  });

  it.each([
    ['the last stage', { ...slip, index: 1 }, {}],
    ['a failure', slip, { kind: 'failed', document: undefined }],
    ['a parked stage', slip, { kind: 'parked' }],
    ['a success without a document', slip, { document: undefined }],
  ] as const)('is null after %s', (_, from, change) => {
    expect(nextStage(from, settlement(change as Partial<StageEvent>))).toBeNull();
  });
});
