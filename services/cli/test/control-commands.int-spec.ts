import { afterEach, describe, expect, it } from '@jest/globals';
import { callerOf } from './call.js';
import { json, type ScriptedServer, startScriptedServer } from './scripted-server.js';

let server: ScriptedServer | undefined;
afterEach(() => server?.close());

const DONE = { ok: true, dryRun: false, count: 3, sentence: 'Three runs run again.', items: ['cpb-a', 'cpb-b'] };
const WHY = { ok: true, state: 'waiting', reason: 'Text is paused.', nextAction: 'Resume it.' };

async function answering(body: object) {
  server = await startScriptedServer([json(body)]);
  return { chowda: callerOf(server.url, 'token'), arrived: server.arrived };
}

describe('a command', () => {
  it.each<[string, string, string]>([
    ['batches pause 5', '/api/batches/5/pause', ''],
    ['batches resume 5', '/api/batches/5/resume', ''],
    ['batches cancel 5', '/api/batches/5/cancel', ''],
    ['batches retry 5 --dry-run', '/api/batches/5/retry', '{"dryRun":true}'],
    ['batches retry 5 --group a|b --stage 0', '/api/batches/5/retry', '{"stage":0,"fingerprint":"a|b"}'],
    ['batches retry 5 --app text_v1', '/api/batches/5/retry', '{"app":"text_v1"}'],
    ['batches retry 5 --cancelled', '/api/batches/5/retry', '{"runs":"cancelled"}'],
    ['runs retry 17 --stage 1', '/api/runs/17/retry', '{"stage":1}'],
    ['runs cancel 17', '/api/runs/17/cancel', ''],
    ['apps pause text_v1 --why GPU', '/api/apps/text_v1/pause', '{"why":"GPU"}'],
    ['apps resume text_v1', '/api/apps/text_v1/resume', ''],
  ])('is sent by "chowda %s"', async (line, path, body) => {
    const { chowda, arrived } = await answering(DONE);
    expect(await chowda(line.split(' '))).toEqual({
      exitCode: 0,
      out: 'Three runs run again.\n  cpb-a\n  cpb-b\n  and 1 more\n',
      err: '',
    });
    expect(arrived).toMatchObject([{ method: 'POST', path, body }]);
  });

  it('prints the response of Chowda with --json', async () => {
    const { chowda } = await answering(DONE);
    expect((await chowda(['batches', 'pause', '5', '--json'])).out).toBe(`${JSON.stringify(DONE)}\n`);
  });
});

describe('chowda explain', () => {
  it.each([
    ['run', '17', '/api/runs/17/explain'],
    ['batch', '5', '/api/batches/5/explain'],
    ['app', 'text_v1', '/api/apps/text_v1/explain'],
  ])('%s %s shows the reason and what to do', async (subject, id, path) => {
    const { chowda, arrived } = await answering(WHY);
    expect((await chowda(['explain', subject, id])).out).toBe(
      `${subject} ${id} is waiting: Text is paused.\nResume it.\n`,
    );
    expect(arrived).toMatchObject([{ method: 'GET', path }]);
  });
});
