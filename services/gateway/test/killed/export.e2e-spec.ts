import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type Manifest, manifestSchema, type Page, type RunRow } from '#libs/contracts';
import { record } from '../recorded-stage.js';
import { ACCESS_TOKEN } from '../test-gateway.js';
import { unzip } from '../unzip.js';
import { KillStage } from './kill-stage.js';

const MINUTE = 60_000;
const MEGABYTE = 1024 * 1024;
/** More than the socket buffers between gateway and client can hold. */
const GUIDS = Array.from({ length: 16 }, (_, nth) => `cpb-${nth}`);

let stage: KillStage;
let batch: number;
beforeAll(async () => {
  stage = await KillStage.open(process.env);
  const { seed, app } = stage;
  await seed.client.post('/api/pipelines', { name: 'shots', stages: [{ app }] });
  await seed.mediaFiles(GUIDS);
  ({ id: batch } = await seed.draft('shots', GUIDS));
  await seed.client.post(`/api/batches/${batch}/start`);
  const { items } = (await seed.client.get(`/api/batches/${batch}/runs?limit=200`)).body as Page<RunRow>;
  for (const { id: run, row } of items.slice(0, -1)) {
    const content = Buffer.from(JSON.stringify({ noise: randomBytes(MEGABYTE).toString('base64') }));
    const sha256 = createHash('sha256').update(content).digest('hex');
    const stored = { sha256, bytes: content.length, encoding: 'identity', content } as const;
    await record(seed, batch, { app, run, row, stages: 1, document: sha256 }, [stored]);
  }
}, MINUTE);
afterAll(() => stage.close(), MINUTE);

const manifestOf = async (bytes: Buffer): Promise<Manifest> =>
  manifestSchema.parse(JSON.parse((await unzip(bytes)).get('manifest.json')!.toString()));

describe('a zip whose gateway is killed during the download', () => {
  let part: Buffer;
  let isComplete: boolean;
  beforeAll(async () => {
    const victim = await stage.gateway();
    const sent = request(`${victim.client.url}/api/batches/${batch}/export`, {
      headers: { authorization: `Bearer ${ACCESS_TOKEN}` },
    });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    const ended = new Promise((resolve) => response.once('close', resolve).once('error', resolve));
    // The client reads the beginning and continues only after the gateway was killed.
    await once(response, 'readable');
    await stage.kill(victim);
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    await ended;
    part = Buffer.concat(chunks);
    isComplete = response.complete;
  }, MINUTE);

  it('is an aborted download that is not a valid zip', async () => {
    expect(part.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
    expect(isComplete).toBe(false);
    await expect(unzip(part)).rejects.toThrow(/end of central directory/i);
  });

  it(
    'is complete when requested again, with the manifest of an undisturbed export',
    async () => {
      const { client } = await stage.gateway();
      const again = await client.get(`/api/batches/${batch}/export`);
      expect(again.bytes.length).toBeGreaterThan(part.length);
      const manifest = await manifestOf(again.bytes);
      const undisturbed = await manifestOf((await stage.seed.client.get(`/api/batches/${batch}/export`)).bytes);
      expect(manifest).toEqual({ ...undisturbed, at: manifest.at });
      expect(manifest.counts).toEqual({ files: GUIDS.length - 1, missing: 1 });
      const files = await unzip(again.bytes);
      for (const { file, sha256 } of manifest.files.filter((line) => line.file !== null))
        expect(createHash('sha256').update(files.get(file!)!).digest('hex')).toBe(sha256);
    },
    MINUTE,
  );
});
