import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { appControlSchema, batchControlSchema, workerHeartbeatSchema } from './control.js';
import { encodeBody } from './message.js';
import { newerMessageVersion, readSlip, readStageEvent } from './read-message.js';
import { slipSchema } from './slip.js';
import { stageEventSchema } from './stage-event.js';
import { newerVersion, READS_VERSION, versionToPublish } from './version.js';

const golden = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(`libs/contracts/golden/${name}.json`, 'utf8')) as Record<string, unknown>;

describe('a message of a newer release', () => {
  it.each([
    ['slip', slipSchema],
    ['stage-event.done', stageEventSchema],
    ['app-control', appControlSchema],
    ['batch-control', batchControlSchema],
    ['worker-heartbeat', workerHeartbeatSchema],
  ] as const)('keeps its additional fields when the schema of %s reads it', (name, schema) => {
    const message = { ...golden(name), priority: 7, later: { nested: true } };
    expect(schema.parse(message)).toMatchObject({ priority: 7, later: { nested: true } });
  });

  it('keeps additional fields of a stage of the route and of the document', () => {
    const slip = golden('slip') as { route: object[]; document: object };
    const message = {
      ...slip,
      route: slip.route.map((stage) => ({ ...stage, gpu: 'a100' })),
      document: { ...slip.document, tier: 'cold' },
    };
    const read = readSlip(encodeBody(message));
    expect(read).toMatchObject({
      slip: { route: slip.route.map(() => ({ gpu: 'a100' })), document: { tier: 'cold' } },
    });
  });

  it('is recognised by its version, and not confused with a malformed one', () => {
    const newer = encodeBody({ ...golden('slip'), v: READS_VERSION + 1 });
    expect(newerMessageVersion(newer)).toBe(READS_VERSION + 1);
    expect([readSlip(newer), readStageEvent(newer)]).toEqual([expect.any(String), expect.any(String)]);
    expect(newerMessageVersion(Buffer.from('not json'))).toBeNull();
    expect([{ v: 1 }, { v: 0 }, { v: '2' }, { v: 1.5 }, {}, null, 2].map(newerVersion)).toEqual(Array(7).fill(null));
  });
});

describe('the version of a published message', () => {
  it.each([
    ['is the newest one when all running processes read it', 3, [3, 4], 3],
    ['is an older one while one process reads no newer one', 3, [3, 2, 3], 2],
    ['is 1 while a process of a release without versions runs', 3, [3, undefined], 1],
    ['is that of the release before when no process reports', 3, [], 2],
    ['is never below 1', 1, [], 1],
  ])('%s', (_, own, reads, expected) => {
    expect(versionToPublish(reads, own)).toBe(expected);
  });
});
