import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchView, Page, RunRow } from '#libs/contracts';
import type { HttpClient } from './http-client.js';
import { MP4_HEAD, TestGateway } from './test-gateway.js';

/** Features of the original application that archivists rely on. */

const GUIDS = ['cpb-aacip-507-a', 'cpb-aacip-507-b', 'cpb-aacip-507-c'];

let gateway: TestGateway;
let client: HttpClient;
beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ client } = gateway);
  await gateway.prepare({ pipeline: 'Shots', stages: 1, files: GUIDS });
});
afterAll(() => gateway.close());

const guidsOf = async (batch: number) =>
  ((await client.get(`/api/batches/${batch}/runs`)).body as Page<RunRow>).items.map(({ guid }) => guid);

describe('pasted GUIDs', () => {
  it('are accepted as copied from a mail or a spreadsheet, and their files are found', async () => {
    await writeFile(join(gateway.mediaFolder, 'cpb-aacip-507-pasted.mp4'), MP4_HEAD);
    const pasted = `${GUIDS[0]}\ncpb-aacip/507-pasted, cpb-aacip_507-b\n`;
    expect(await client.post('/api/media-files/imports', pasted, { 'content-type': 'text/plain' })).toMatchObject({
      status: 201,
      body: { counts: { found: 3, added: 1, present: 2 } },
    });
  });
});

describe('a batch created in one step', () => {
  it('contains a selection in its order', async () => {
    const { id } = await gateway.draft('Shots', [GUIDS[2]!, GUIDS[0]!]);
    expect(await guidsOf(id)).toEqual([GUIDS[2], GUIDS[0]]);
  });

  it('contains a collection', async () => {
    const { body } = await client.post('/api/collections', { name: 'Evening news', files: GUIDS });
    const collection = (body as { id: number }).id;
    const answer = await client.post('/api/batches', { name: 'All of it', pipeline: 'Shots', collection });
    expect(answer).toMatchObject({ status: 201, body: { files: GUIDS.length } });
    expect(await guidsOf((answer.body as BatchView).id)).toEqual(GUIDS);
  });
});

describe('a batch with existing input MMIF', () => {
  const mmif = {
    metadata: { mmif: 'http://mmif.clams.ai/1.0.5' },
    documents: [
      {
        '@type': 'http://mmif.clams.ai/vocabulary/VideoDocument/v1',
        properties: { id: 'd1', mime: 'video/mp4', location: 'file:///data/tape.mp4' },
      },
    ],
    views: [],
  };

  it('uses an uploaded document, and blank MMIF again after its removal', async () => {
    const { id } = await gateway.draft('Shots', GUIDS);
    const path = `/api/batches/${id}/inputs/${GUIDS[0]}`;
    expect(await client.send('PUT', path, { body: mmif })).toMatchObject({ status: 200, body: { guid: GUIDS[0] } });
    expect((await client.send('DELETE', path)).status).toBe(204);
  });

  it('uses the newest document of each file and cannot start with files that have none', async () => {
    const body = { name: 'On top', pipeline: 'Shots', files: GUIDS, input: { kind: 'latest' } };
    const { id } = (await client.post('/api/batches', body)).body as BatchView;
    const refused = await client.post(`/api/batches/${id}/start`);
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([
      expect.any(Number),
      expect.stringContaining(GUIDS[0]!),
    ]);
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.status).toBeLessThan(500);
    expect(((await client.get(`/api/batches/${id}`)).body as BatchView).summary.state).toBe('draft');
  });
});

describe('a copy', () => {
  it('of one batch is an equal draft', async () => {
    const { id } = await gateway.draft('Shots', GUIDS);
    await client.post(`/api/batches/${id}/start`);
    const { status, body } = await client.post(`/api/batches/${id}/duplicate`, {});
    expect([status, (body as BatchView).summary.state]).toEqual([201, 'draft']);
    expect(await guidsOf((body as BatchView).id)).toEqual(GUIDS);
  });

  it('of several batches contains each file once', async () => {
    const [one, other] = [
      await gateway.draft('Shots', GUIDS.slice(0, 2)),
      await gateway.draft('Shots', GUIDS.slice(1)),
    ];
    const answer = await client.post('/api/batches/combine', { name: 'Both', batches: [one.id, other.id] });
    expect(answer).toMatchObject({ status: 201, body: { name: 'Both', files: 3 } });
    expect(await guidsOf((answer.body as BatchView).id)).toEqual(GUIDS);
  });
});
