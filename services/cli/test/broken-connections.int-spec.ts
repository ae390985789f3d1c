import { afterEach, describe, expect, it } from '@jest/globals';
import { callerOf } from './call.js';
import {
  broken,
  brokenAfter,
  json,
  problem,
  type Reply,
  type ScriptedServer,
  startScriptedServer,
} from './scripted-server.js';

let server: ScriptedServer | undefined;
afterEach(() => server?.close());

async function scripted(replies: Reply[]) {
  server = await startScriptedServer(replies);
  return { chowda: callerOf(server.url, 'token'), arrived: server.arrived };
}

const brokenInTheMiddle = brokenAfter('{"ok": true', { 'content-type': 'application/json' });
const paused = json({ ok: true, dryRun: false, count: 1, sentence: 'Batch 1 is paused.', items: [] });

describe('a command', () => {
  it.each([
    ['the connection breaks before the response', broken],
    ['the connection breaks in the middle of the response', brokenInTheMiddle],
    ['the database is not available', problem(503, 'The database is not available.')],
    ['the rate limit is exceeded', problem(429, 'Later.', { 'retry-after': '0' })],
  ])('is sent again with the same key if %s', async (_, first) => {
    const { chowda, arrived } = await scripted([first, paused]);
    expect(await chowda(['batches', 'pause', '1'])).toEqual({
      exitCode: 0,
      out: 'Batch 1 is paused.\n',
      err: expect.stringMatching(/^chowda: .*trying again \.\.\.\n$/),
    });
    expect(arrived).toHaveLength(2);
    expect(arrived[1]).toEqual(arrived[0]);
    expect(arrived[0]!.key).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is not sent again if it was rejected', async () => {
    const { chowda, arrived } = await scripted([problem(409, 'The batch has finished. Duplicate it.')]);
    expect(await chowda(['batches', 'pause', '1'])).toEqual({
      exitCode: 1,
      out: '',
      err: 'chowda: The batch has finished. Duplicate it.\n',
    });
    expect(arrived).toHaveLength(1);
  });

  it('shows the request ID of an internal error', async () => {
    const failed = json(
      { type: '/problems/internal', title: 'X', status: 500, detail: 'Sorry.', requestId: 'r1' },
      500,
    );
    const { chowda } = await scripted([failed]);
    expect((await chowda(['batches', 'pause', '1'])).err).toBe('chowda: Sorry. (request ID r1)\n');
  });

  it('has a new key each time, or the given one', async () => {
    const { chowda, arrived } = await scripted([paused, paused, paused]);
    await chowda(['batches', 'pause', '1']);
    await chowda(['batches', 'pause', '1']);
    await chowda(['batches', 'pause', '1', '--key', 'again-1']);
    const keys = arrived.map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
    expect(keys[2]).toBe('again-1');
  });

  it('explains a response of another program', async () => {
    const page: Reply = (response) => void response.writeHead(200).end('<html>');
    const { chowda } = await scripted([page]);
    expect(await chowda(['batches', 'pause', '1'])).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('Check CHOWDA_URL'),
    });
  });
});

describe('a query', () => {
  it('is sent again, without a key', async () => {
    const { chowda, arrived } = await scripted([broken, json({ items: [], next: null })]);
    expect(await chowda(['batches', 'list'])).toMatchObject({
      exitCode: 0,
      out: 'No batches. "chowda batches create" creates one.\n',
    });
    expect(arrived.map(({ key }) => key)).toEqual([undefined, undefined]);
  });

  it('reports a response of another version, and prints it unchanged with --json', async () => {
    const other = { items: [{ id: 'seven' }], next: null };
    const { chowda } = await scripted([json(other), json(other)]);
    expect(await chowda(['batches', 'list'])).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('a different version'),
    });
    expect((await chowda(['batches', 'list', '--json'])).out).toBe('{"id":"seven"}\n');
  });
});
