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

describe('a command whose connection breaks', () => {
  it.each([
    ['before the answer', broken],
    ['in the middle of the answer', brokenInTheMiddle],
    ['because the database is away', problem(503, 'The database is away.')],
    ['because there were too many', problem(429, 'Later.', { 'retry-after': '0' })],
  ])('is sent again with the same key: %s', async (_, first) => {
    const { chowda, arrived } = await scripted([first, paused]);
    expect(await chowda(['batches', 'pause', '1'])).toEqual({
      exitCode: 0,
      out: 'Batch 1 is paused.\n',
      err: expect.stringMatching(/^chowda: .*asking again \.\.\.\n$/),
    });
    expect(arrived).toHaveLength(2);
    expect(arrived[1]).toEqual(arrived[0]);
    expect(arrived[0]!.key).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is not sent again when it was refused', async () => {
    const { chowda, arrived } = await scripted([problem(409, 'It has ended: duplicate it.')]);
    expect(await chowda(['batches', 'pause', '1'])).toEqual({
      exitCode: 1,
      out: '',
      err: 'chowda: It has ended: duplicate it.\n',
    });
    expect(arrived).toHaveLength(1);
  });

  it('tells of an error in Chowda by the request that its log has', async () => {
    const failed = json(
      { type: '/problems/internal', title: 'X', status: 500, detail: 'Sorry.', requestId: 'r1' },
      500,
    );
    const { chowda } = await scripted([failed]);
    expect((await chowda(['batches', 'pause', '1'])).err).toBe('chowda: Sorry. (request r1)\n');
  });

  it('has a key of its own each time, or the one it is given', async () => {
    const { chowda, arrived } = await scripted([paused, paused, paused]);
    await chowda(['batches', 'pause', '1']);
    await chowda(['batches', 'pause', '1']);
    await chowda(['batches', 'pause', '1', '--key', 'again-1']);
    const keys = arrived.map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
    expect(keys[2]).toBe('again-1');
  });

  it('says what the answer of something else means', async () => {
    const page: Reply = (response) => void response.writeHead(200).end('<html>');
    const { chowda } = await scripted([page]);
    expect(await chowda(['batches', 'pause', '1'])).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('check CHOWDA_URL'),
    });
  });
});

describe('reading', () => {
  it('is repeated as well, and sends no key', async () => {
    const { chowda, arrived } = await scripted([broken, json({ items: [], next: null })]);
    expect(await chowda(['batches', 'list'])).toMatchObject({ exitCode: 0, out: 'No batches: create one.\n' });
    expect(arrived.map(({ key }) => key)).toEqual([undefined, undefined]);
  });

  it('says that an answer is of another version, and gives it to scripts as it is', async () => {
    const other = { items: [{ id: 'seven' }], next: null };
    const { chowda } = await scripted([json(other), json(other)]);
    expect(await chowda(['batches', 'list'])).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('of another version'),
    });
    expect((await chowda(['batches', 'list', '--json'])).out).toBe('{"id":"seven"}\n');
  });
});
