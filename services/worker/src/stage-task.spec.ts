import { describe, expect, it } from '@jest/globals';
import { encodeBody, lineageOfStage, type Slip } from '#libs/contracts';
import { readStageTask } from './stage-task.js';

const slip: Slip = {
  v: 1,
  installation: 'here',
  batch: 7,
  run: 9,
  row: 0,
  guid: 'cpb-aacip-1',
  index: 1,
  generation: 2,
  root: null,
  route: [
    { app: 'shots_v1', parameters: {}, deadline: 60 },
    { app: 'text_v1', parameters: { lang: 'eng' }, deadline: 60 },
  ],
  document: { inline: true, sha256: 'a'.repeat(64), bytes: 2 },
};
const document = new TextEncoder().encode('{\n}');
const raw = {
  subject: 'stage.text_v1.7.9.1',
  body: encodeBody(slip, document),
  lineageHeader: '3.1234',
  timestamp: '1790000000000000001',
};

describe('readStageTask', () => {
  it('reads whose turn it is, the lineage of the header, and the document bytes unchanged', () => {
    const task = readStageTask(raw);
    expect(task).toMatchObject({ stage: { app: 'text_v1' }, lineage: { generation: 3, root: '1234' } });
    expect(typeof task === 'string' ? null : [...task.inline]).toEqual([...document]);
  });

  it.each([
    ['a subject that names no stage', { subject: 'stage.text_v1.7.x.1' }, 'names no stage'],
    ['a body that is no JSON', { body: new Uint8Array([1, 2]) }, 'no JSON'],
    ['a first line that is no slip', { body: encodeBody({ v: 1 }) }, 'no slip'],
    ['a slip of another run', { subject: 'stage.text_v1.7.8.1' }, 'another stage'],
    ['a slip for another app', { subject: 'stage.shots_v1.7.9.1' }, 'another stage'],
    ['an index beyond the route', { body: encodeBody({ ...slip, index: 2 }), subject: 'stage.x.7.9.2' }, 'route of 2'],
  ])('refuses %s with a sentence', (_, change, sentence) => {
    expect(readStageTask({ ...raw, ...change })).toContain(sentence);
  });
});

describe('lineageOfStage', () => {
  it('takes the timestamp of the first message of a lineage as its root', () => {
    expect(lineageOfStage({ lineageHeader: '4.new', timestamp: '55' }, 1)).toEqual({ generation: 4, root: '55' });
  });

  it('makes a raw replay newer than what it repeats', () => {
    expect(lineageOfStage({ lineageHeader: undefined, timestamp: '56' }, 3)).toEqual({ generation: 3, root: '56' });
  });
});
