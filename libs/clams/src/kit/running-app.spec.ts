import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { waitFor } from '#libs/testing';
import type { AppRequest } from './annotate.js';
import { type ClamsApp, createApp } from './create-app.js';
import { toyDescription, toyDocument } from './toy-app.fixture.js';

/** A call as the app sees it, until the test ends it. */
interface Held extends AppRequest<unknown> {
  finish(): void;
  fail(error: Error): void;
}

let app: ClamsApp;
let url = '';
let held: Held[] = [];

/** Starts an app that holds every call; `ignoresSignal`: calls do not end when their signal is aborted. */
async function start({ graceMs = 10_000, ignoresSignal = false } = {}): Promise<void> {
  held = [];
  app = createApp({
    metadata: { ...toyDescription, parameters: [] },
    annotate: (request) =>
      new Promise((resolve, reject) => {
        held.push({ ...request, finish: () => resolve([]), fail: reject });
        if (!ignoresSignal) request.signal.addEventListener('abort', () => reject(new Error('gave up')));
      }),
    graceMs,
  });
  ({ url } = await app.listen(0));
}
afterEach(() => app.close());

const call = (id?: string, signal?: AbortSignal) =>
  fetch(url, {
    method: 'POST',
    body: toyDocument(),
    ...(id === undefined ? {} : { headers: { 'x-call-id': id } }),
    ...(signal ? { signal } : {}),
  });
const nextHeld = (index = 0) => waitFor(() => held[index], { what: 'The call' });

async function progress(id: string): Promise<{ status: number; type: string | null; body: unknown }> {
  const response = await fetch(`${url}/progress?call=${encodeURIComponent(id)}`);
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
}

describe('the progress of a call', () => {
  it('is available by the id of the call only while the call runs', async () => {
    await start();
    const answer = call('call 1');
    const { progress: report, finish } = await nextHeld();
    expect(await progress('call 1')).toEqual({ status: 200, type: 'application/json', body: { percent: 0 } });
    const reported: unknown[] = [];
    for (const percent of [41.9, Number.NaN, 250, -1]) {
      report(percent);
      reported.push((await progress('call 1')).body);
    }
    expect(reported).toEqual([{ percent: 41 }, { percent: 41 }, { percent: 100 }, { percent: 0 }]);
    finish();
    expect((await answer).status).toBe(200);
    await waitFor(async () => (await progress('call 1')).status === 404);
  });

  it('is separate for each call', async () => {
    await start();
    const answers = [call('one'), call()];
    const [one, other] = [await nextHeld(0), await nextHeld(1)];
    one.progress(10);
    other.progress(20);
    expect([10, 20]).toContainEqual(((await progress('one')).body as { percent: number }).percent);
    expect(await progress('two')).toMatchObject({
      status: 404,
      type: 'application/problem+json',
      body: { title: 'No such call', status: 404, detail: expect.stringContaining('"two"') },
    });
    for (const { finish } of held) finish();
    await Promise.all(answers);
  });

  it('belongs to the newer of two calls with the same id, also after the older one ends', async () => {
    await start();
    const first = call('same');
    const older = await nextHeld(0);
    const second = call('same');
    const newer = await nextHeld(1);
    older.progress(90);
    newer.progress(5);
    older.finish();
    await (await first).text();
    expect(await progress('same')).toMatchObject({ body: { percent: 5 } });
    newer.finish();
    await second;
  });
});

describe('a client that disconnects', () => {
  it('ends only its own call', async () => {
    await start();
    const leaving = new AbortController();
    const left = call('left', leaving.signal);
    const mine = await nextHeld(0);
    const staying = call('stays');
    const other = await nextHeld(1);
    const aborted = once(mine.signal, 'abort');
    leaving.abort();
    await expect(left).rejects.toThrow('aborted');
    await aborted;
    expect(String(mine.signal.reason)).toContain('The client disconnected.');
    await waitFor(async () => (await progress('left')).status === 404);
    expect(other.signal.aborted).toBe(false);
    other.finish();
    expect((await staying).status).toBe(200);
    expect(other.signal.aborted).toBe(false);
  });
});

describe('an app that is closed', () => {
  it('waits for a call in progress and accepts no other', async () => {
    await start();
    const answer = call();
    const { finish, signal } = await nextHeld();
    const closed = app.close();
    await expect(call()).rejects.toThrow('fetch failed');
    finish();
    expect((await answer).status).toBe(200);
    await closed;
    expect(signal.aborted).toBe(false);
  });

  it.each([
    ['ends', false],
    ['ignores the signal', true],
  ])('answers a call that exceeds the grace period with 503 when the app %s', async (_, ignoresSignal) => {
    await start({ graceMs: 20, ignoresSignal });
    const answer = call();
    const { signal } = await nextHeld();
    await app.close();
    expect(signal.aborted).toBe(true);
    const response = await answer;
    expect([response.status, await response.json()]).toEqual([
      503,
      { message: 'The app is stopping. Send the call again.' },
    ]);
  });

  it.each(['POST / HTTP/1.1', 'GET /healthz HTTP/1.1'])('answers a connected client with 503: %s', async (line) => {
    await start();
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    // An answer shows that the app has accepted the connections so far.
    await progress('none');
    const closed = app.close();
    socket.end(`${line}\r\nHost: app\r\nContent-Length: 0\r\n\r\n`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1.1 503 /);
    expect(answer).toContain('The app is stopping.');
    await closed;
    expect(held).toEqual([]);
  });

  it('can be closed twice, and before it listens', async () => {
    await start();
    await app.close();
    await expect(app.close()).resolves.toBeUndefined();
    const unused = createApp({ metadata: toyDescription, annotate: () => Promise.resolve([]) });
    await expect(unused.close()).resolves.toBeUndefined();
  });

  it('rejects when the port is in use', async () => {
    await start();
    const second = createApp({ metadata: toyDescription, annotate: () => Promise.resolve([]) });
    await expect(second.listen(Number(new URL(url).port))).rejects.toThrow('EADDRINUSE');
  });
});
