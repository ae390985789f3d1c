import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSession } from '#libs/runtime';
import { testFolder } from '#libs/testing';
import type { HttpClient } from './http-client.js';
import { ACCESS_TOKEN, SIGN_IN_CODE, TestGateway } from './test-gateway.js';

let gateway: TestGateway;
let anonymous: HttpClient;
let ownOrigin: string;
beforeAll(async () => {
  const webFolder = join(await testFolder('web'), 'dist');
  await mkdir(join(webFolder, 'assets'), { recursive: true });
  await writeFile(join(webFolder, 'index.html'), '<!doctype html><title>Chowda</title>');
  await writeFile(join(webFolder, 'assets', 'app-1a2b.js'), 'export {};');
  gateway = await TestGateway.start({ WEB_FOLDER: webFolder });
  ({ anonymous } = gateway);
  ownOrigin = anonymous.url;
});
afterAll(() => gateway.close());

const cookieFrom = (headers: Record<string, unknown>) => String((headers['set-cookie'] as string[])[0]);

describe('sign-in', () => {
  it('does not consume the link for a HEAD request', async () => {
    const answer = await anonymous.send('HEAD', `/sign-in?code=${SIGN_IN_CODE}`);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('opens a session once, with a cookie that scripts and other sites cannot use', async () => {
    const answer = await anonymous.get(`/sign-in?code=${SIGN_IN_CODE}`);
    expect(answer).toMatchObject({ status: 303, headers: { location: '/', 'cache-control': 'no-store' } });
    const cookie = cookieFrom(answer.headers);
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
    const session = await anonymous.get('/api/session', { cookie: cookie.split(';')[0]! });
    expect(session).toMatchObject({ status: 200, body: { actor: 'local', version: expect.stringMatching(/^\d+\./) } });

    const again = await anonymous.get(`/sign-in?code=${SIGN_IN_CODE}`);
    expect(again.status).toBe(403);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(again.bytes.toString()).toContain('Each link works once');
  });

  it.each(['', '?code=', '?code=wrong', `?code=${SIGN_IN_CODE}x`, `?code=${SIGN_IN_CODE}&code=x`])(
    'rejects "/sign-in%s"',
    async (query) => {
      const answer = await anonymous.get(`/sign-in${query}`);
      expect(answer.status).toBe(403);
      expect(answer.headers['set-cookie']).toBeUndefined();
    },
  );
});

describe('authentication', () => {
  const sessionOf = async (headers: Record<string, string>) => (await anonymous.get('/api/session', headers)).status;

  it('accepts only the access token or a session', async () => {
    const now = Date.now();
    const longAgo = now - 400 * 24 * 3600 * 1000;
    expect(await sessionOf({ authorization: `Bearer ${ACCESS_TOKEN}` })).toBe(200);
    expect(await sessionOf({ cookie: `chowda_session=${createSession(ACCESS_TOKEN, now)}` })).toBe(200);
    expect(await sessionOf({})).toBe(401);
    expect(await sessionOf({ authorization: `Bearer ${ACCESS_TOKEN}x` })).toBe(401);
    expect(await sessionOf({ authorization: `Basic ${ACCESS_TOKEN}` })).toBe(401);
    expect(await sessionOf({ cookie: `chowda_session=${createSession('another key', now)}` })).toBe(401);
    expect(await sessionOf({ cookie: `chowda_session=${createSession(ACCESS_TOKEN, longAgo)}` })).toBe(401);
  });

  it.each([
    ['GET', '/api/session'],
    ['GET', '/api/media-files'],
    ['POST', '/api/media-files'],
    ['GET', '/api/apps'],
    ['POST', '/api/apps'],
    ['GET', '/api/pipelines'],
    ['GET', '/api/pipelines/1'],
    ['POST', '/api/pipelines'],
    ['GET', '/api/batches'],
    ['POST', '/api/batches'],
    ['GET', '/api/batches/1'],
    ['POST', '/api/batches/1/start'],
    ['GET', '/api/batches/1/runs'],
    ['GET', '/api/batches/1/cells'],
    ['GET', '/api/runs/1'],
    ['GET', '/api/runs/1/stages/0/document'],
    ['GET', '/socket.io/?EIO=4&transport=polling'],
  ])('is required for %s %s', async (method, path) => {
    const answer = await anonymous.send(method, path, method === 'POST' ? { body: {} } : {});
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({
      type: '/problems/not-signed-in',
      detail: expect.stringContaining('sign-in link'),
    });
  });

  it('is not required for health probes', async () => {
    expect(await anonymous.get('/healthz')).toMatchObject({ status: 200, body: { healthy: true } });
  });
});

describe('the host and origin check', () => {
  const host = (name: string) => ({ host: name });

  it('accepts only local and allowed host names, in any case', async () => {
    for (const name of [
      '127.0.0.1:1',
      'localhost',
      'LOCALHOST:99',
      '[::1]:8080',
      'chowda.example.org',
      'CHOWDA.example.org',
    ])
      expect([name, (await anonymous.get('/healthz', host(name))).status]).toEqual([name, 200]);
    for (const name of ['evil.example.org', 'localhost.evil.org', '127.0.0.1.evil.org', 'not a host', '10.0.0.1']) {
      const answer = await gateway.client.get('/api/session', host(name));
      expect([name, answer.status]).toEqual([name, 421]);
      expect(answer.body).toMatchObject({
        type: '/problems/foreign-host',
        detail: expect.stringContaining('ALLOWED_HOSTS'),
      });
    }
  });

  it('rejects foreign hosts for files and pages too', async () => {
    for (const path of ['/', '/assets/app-1a2b.js', '/sign-in', '/socket.io/'])
      expect([path, (await anonymous.get(path, host('evil.example.org'))).status]).toEqual([path, 421]);
  });

  it("accepts commands only from Chowda's own pages", async () => {
    const start = (origin: string) => gateway.client.post('/api/batches/999/start', {}, { origin });
    expect((await start(ownOrigin)).status).toBe(404);
    for (const origin of ['http://evil.example.org', 'null', 'http://127.0.0.1:1', `${ownOrigin}0`]) {
      const answer = await start(origin);
      expect([origin, answer.status]).toEqual([origin, 403]);
      expect(answer.body).toMatchObject({ type: '/problems/foreign-origin' });
    }
    expect((await gateway.client.get('/api/batches', { origin: 'http://evil.example.org' })).status).toBe(200);
  });
});

describe('the web client', () => {
  it('serves its page under every client path', async () => {
    for (const path of ['/', '/batches', '/batches/12/runs']) {
      const answer = await anonymous.get(path);
      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
      expect(answer.bytes.toString()).toContain('<title>Chowda</title>');
    }
  });

  it('does not serve its page for API paths and missing files', async () => {
    for (const path of [
      '/api',
      '/api/nothing',
      '/API/nothing',
      '/assets/gone.js',
      '/gone.css',
      '/assets/../../package.json',
    ])
      expect([path, (await anonymous.get(path)).status]).toEqual([path, 404]);
    expect((await gateway.client.post('/batches', {})).status).toBe(404);
  });

  it('lets browsers cache hashed files and revalidate the page', async () => {
    expect((await anonymous.get('/assets/app-1a2b.js')).headers['cache-control']).toMatch(/immutable/);
    expect((await anonymous.get('/')).headers['cache-control']).toBe('no-cache');
  });

  it('forbids resources of other origins and framing', async () => {
    const { headers } = await anonymous.get('/');
    expect(headers['content-security-policy']).toMatch(/default-src 'self'/);
    expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(headers['x-powered-by']).toBeUndefined();
  });
});

describe('a gateway without a built web client and without a sign-in code', () => {
  it('shows what to do and rejects every sign-in', async () => {
    const bare = await TestGateway.start({ SIGN_IN_CODE: undefined });
    expect((await bare.anonymous.get('/sign-in?code=undefined')).status).toBe(403);
    const answer = await bare.anonymous.get('/');
    expect(answer.status).toBe(503);
    expect(answer.bytes.toString()).toContain('npm start');
    await bare.close();
  });
});
