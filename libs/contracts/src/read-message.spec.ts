import { describe, expect, it } from '@jest/globals';
import { encodeBody } from './message.js';
import { readSlip, readStageEvent } from './read-message.js';
import type { Slip } from './slip.js';
import type { StageEvent } from './stage-event.js';

const event: StageEvent = {
  v: 1,
  installation: 'here',
  batch: 1,
  run: 2,
  row: 0,
  guid: 'cpb-aacip-1',
  index: 0,
  stages: 1,
  app: 'shots',
  generation: 1,
  root: '5',
  delivery: 1,
  call: 1,
  kind: 'done',
  worker: 'w1',
  times: { published: 1, started: 2, settled: 3 },
};
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
  route: [{ app: 'shots', parameters: {}, deadline: 60 }],
  document: { inline: true, sha256: 'a'.repeat(64), bytes: 3 },
};
const document = new TextEncoder().encode('{\n}');

describe('readStageEvent', () => {
  it('reads an event and the output behind it, byte by byte', () => {
    expect(readStageEvent(encodeBody(event, document))).toEqual({ event, inline: document });
  });

  it('returns the reason when the message is not a stage event', () => {
    expect(readStageEvent(new Uint8Array([1, 2]))).toBe('The first line of the message is not valid JSON.');
    expect(readStageEvent(encodeBody({ ...event, run: 0 }))).toMatch(/is not a valid stage event: run /);
  });
});

describe('readSlip', () => {
  it('reads a slip and the document behind it, byte by byte', () => {
    expect(readSlip(encodeBody(slip, document))).toEqual({ slip, inline: document });
  });

  it('returns the reason when the message has no valid slip', () => {
    expect(readSlip(new Uint8Array())).toBe('The first line of the message is not valid JSON.');
    expect(readSlip(encodeBody({ v: 1 }))).toMatch(/is not a valid slip: installation /);
  });
});
