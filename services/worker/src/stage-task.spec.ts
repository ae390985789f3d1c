import { describe, expect, it } from '@jest/globals';
import { encodeBody, type Slip } from '#libs/contracts';
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
  it('returns the stage whose turn it is, the lineage of the header, and the unchanged document bytes', () => {
    const task = readStageTask(raw);
    expect(task).toMatchObject({ stage: { app: 'text_v1' }, lineage: { generation: 3, root: '1234' } });
    expect(typeof task === 'string' ? null : [...task.inline]).toEqual([...document]);
  });

  it('recognises a raw replay by its missing lineage', () => {
    expect(readStageTask(raw)).toMatchObject({ isRawReplay: false });
    expect(readStageTask({ ...raw, lineageHeader: undefined })).toMatchObject({ isRawReplay: true });
  });

  it('uses the timestamp as the root when the scheduler published the message, or an operator replayed it', () => {
    expect(readStageTask({ ...raw, lineageHeader: '4.new' })).toMatchObject({
      lineage: { generation: 4, root: raw.timestamp },
    });
    expect(readStageTask({ ...raw, lineageHeader: undefined })).toMatchObject({
      lineage: { generation: 2, root: raw.timestamp },
    });
  });

  it.each([
    ['a subject that does not name a stage', { subject: 'stage.text_v1.7.x.1' }, 'does not name a stage'],
    ['a body that is not JSON', { body: new Uint8Array([1, 2]) }, 'not valid JSON'],
    ['a first line that is not a slip', { body: encodeBody({ v: 1 }) }, 'not a valid slip'],
    ['a slip of another run', { subject: 'stage.text_v1.7.8.1' }, 'another stage'],
    ['a slip of another batch', { subject: 'stage.text_v1.6.9.1' }, 'another stage'],
    ['a slip of another stage of the app', { body: encodeBody({ ...slip, index: 0 }) }, 'another stage'],
    [
      'a slip of another stage of an app that is on the route twice',
      { body: encodeBody({ ...slip, index: 0, route: [slip.route[1], slip.route[1]] }) },
      'another stage',
    ],
    ['a slip for another app', { subject: 'stage.shots_v1.7.9.1' }, 'another stage'],
    [
      'an index beyond the route',
      { body: encodeBody({ ...slip, index: 2 }), subject: 'stage.x.7.9.2' },
      'its route has only 2 stages',
    ],
  ])('rejects %s with a sentence', (_, change, sentence) => {
    expect(readStageTask({ ...raw, ...change })).toContain(sentence);
  });
});
