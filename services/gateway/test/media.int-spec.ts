import { rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MediaLink } from '#libs/contracts';
import { createMediaToken } from '../src/media-files/media-link.js';
import type { HttpClient } from './http-client.js';
import { ACCESS_TOKEN, MP4_HEAD, TestGateway } from './test-gateway.js';

const CONTENT = Buffer.concat([MP4_HEAD, Buffer.from('0123456789'.repeat(1000))]);
const SIZE = CONTENT.length;

let gateway: TestGateway;
/** A media player, which sends neither cookie nor token. */
let player: HttpClient;
let path: string;
beforeAll(async () => {
  gateway = await TestGateway.start();
  player = gateway.anonymous;
  await gateway.mediaFiles(['cpb-aacip-507-play']);
  path = join(gateway.mediaFolder, 'cpb-aacip-507-play.mp4');
});
beforeEach(() => writeFile(path, CONTENT));
afterAll(() => gateway.close());

async function link(guid = 'cpb-aacip-507-play'): Promise<MediaLink> {
  const { status, body } = await gateway.client.post(`/api/media-files/${guid}/link`);
  expect(status).toBe(200);
  return body as MediaLink;
}

describe('a link to a media file', () => {
  it('plays the file without authentication, whole and in ranges', async () => {
    const { url } = await link();
    const whole = await player.get(url);
    expect(whole).toMatchObject({
      status: 200,
      headers: { 'content-type': 'video/mp4', 'content-length': String(SIZE), 'accept-ranges': 'bytes' },
    });
    expect(whole.bytes.equals(CONTENT)).toBe(true);
  });

  it.each([
    ['bytes=0-3', 0, 3],
    ['bytes=100-', 100, SIZE - 1],
    ['bytes=-10', SIZE - 10, SIZE - 1],
    ['bytes=5-999999', 5, SIZE - 1],
  ])('plays the range %s', async (range, start, end) => {
    const part = await player.get((await link()).url, { range });
    expect(part).toMatchObject({
      status: 206,
      headers: { 'content-range': `bytes ${start}-${end}/${SIZE}`, 'content-length': String(end - start + 1) },
    });
    expect(part.bytes.equals(CONTENT.subarray(start, end + 1))).toBe(true);
  });

  it('rejects a range beyond the end of the file', async () => {
    expect(await player.get((await link()).url, { range: `bytes=${SIZE}-` })).toMatchObject({
      status: 416,
      headers: { 'content-range': `bytes */${SIZE}`, 'content-type': 'application/problem+json; charset=utf-8' },
      body: { type: '/problems/range-not-satisfiable' },
    });
  });

  it('describes the file for HEAD without sending it', async () => {
    const answer = await player.send('HEAD', (await link()).url);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-length': String(SIZE) } });
    expect(answer.bytes).toHaveLength(0);
  });

  it('revalidates an unchanged file and sends a changed file whole', async () => {
    const { url } = await link();
    const { etag, 'last-modified': modified } = (await player.get(url)).headers;
    expect(await player.get(url, { 'if-none-match': etag! })).toMatchObject({ status: 304 });
    for (const condition of [etag!, modified!])
      expect(await player.get(url, { range: 'bytes=0-3', 'if-range': condition })).toMatchObject({ status: 206 });
    expect(await player.get(url, { range: 'bytes=0-3', 'if-range': '"another"' })).toMatchObject({ status: 200 });
  });

  it('expires after one hour', async () => {
    const { expiresAt } = await link();
    const left = Date.parse(expiresAt) - Date.now();
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(3_600_000);
    const expired = createMediaToken(ACCESS_TOKEN, 1, Math.floor(Date.now() / 1000));
    expect(await player.get(`/media/${expired}`)).toMatchObject({
      status: 410,
      body: { type: '/problems/media-link-expired' },
    });
  });

  it('is created only for authenticated users and existing media files', async () => {
    expect(await player.post('/api/media-files/cpb-aacip-507-play/link')).toMatchObject({ status: 401 });
    expect(await gateway.client.post('/api/media-files/nothing/link')).toMatchObject({ status: 404 });
    await unlink(path);
    expect(await gateway.client.post('/api/media-files/cpb-aacip-507-play/link')).toMatchObject({
      status: 422,
      body: { type: '/problems/media-missing' },
    });
  });

  it.each(['/media/x', '/media/1-9999999999.x', '/media/..%2f..%2fetc%2fpasswd', '/media/%2e%2e'])(
    'is rejected when it is forged: %s',
    async (url) => {
      const answer = await player.get(url);
      expect([403, 404]).toContain(answer.status);
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    },
  );

  it('is rejected after a change of one character', async () => {
    const { url } = await link();
    const changed = url.replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
    expect(await player.get(changed)).toMatchObject({ status: 403, body: { type: '/problems/media-link-invalid' } });
  });

  it('does not serve files outside the media folders, even through a symbolic link', async () => {
    const { url } = await link();
    const outside = join(dirname(gateway.mediaFolder), 'outside.mp4');
    await writeFile(outside, 'secret');
    await unlink(path);
    await symlink(outside, path);
    const answer = await player.get(url);
    expect(answer).toMatchObject({ status: 422, body: { type: '/problems/media-outside-folders' } });
    expect(answer.bytes.toString()).not.toContain('secret');
    await unlink(path);
  });

  it('does not serve a folder or a missing file', async () => {
    const { url } = await link();
    await rename(path, `${path}.moved`);
    expect(await player.get(url)).toMatchObject({ status: 422, body: { type: '/problems/media-missing' } });
    await rm(`${path}.moved`);
  });

  it('stops when its client disconnects and plays for the next one', async () => {
    await writeFile(path, Buffer.concat([MP4_HEAD, Buffer.alloc(64 * 1024 * 1024)]));
    const { url } = await link();
    const aborting = new AbortController();
    const response = await fetch(`${gateway.client.url}${url}`, { signal: aborting.signal });
    await response.body!.getReader().read();
    aborting.abort();
    expect(await player.get(url, { range: 'bytes=0-3' })).toMatchObject({ status: 206 });
  });
});
