import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '#deploy/local';
import { ACCESS_TOKEN, TestGateway } from '../../gateway/test/test-gateway.js';
import { callerOf } from './call.js';

let gateway: TestGateway;
let chowda: ReturnType<typeof callerOf>;
beforeAll(async () => {
  gateway = await TestGateway.start();
  chowda = callerOf(gateway.client.url, ACCESS_TOKEN);
});
afterAll(() => gateway.close());

/** Every command without subcommands, as words: `media list`, `batches start`. */
async function allCommands(): Promise<string[][]> {
  const below = async (words: string[]): Promise<string[][]> => {
    const { out } = await chowda([...words, '--help']);
    const list = /\nCommands:\n([\s\S]*?)(\n\n|$)/.exec(out)?.[1] ?? '';
    const names = [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name!).filter((name) => name !== 'help');
    if (names.length === 0) return [words];
    return (await Promise.all(names.map((name) => below([...words, name])))).flat();
  };
  return below([]);
}

describe('a command', () => {
  it('has help with examples', async () => {
    const commands = await allCommands();
    expect(commands.length).toBeGreaterThan(15);
    for (const words of commands) {
      const { exitCode, out } = await chowda([...words, '--help']);
      expect([words, exitCode]).toEqual([words, 0]);
      expect(out).toMatch(new RegExp(`Examples:\\n  chowda ${words.join(' ')}`));
    }
  });

  it.each([
    [['bathces']],
    [['batches', 'start']],
    [['batches', 'start', 'all']],
    [['batches', 'start', '0']],
    [['batches', 'create', 'x']],
    [['media', 'list', '--limit', 'many']],
    [['media', 'list', '--nothing']],
  ])('exits with 2 and one line if its arguments are not valid: %j', async (args) => {
    const { exitCode, out, err } = await chowda(args);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toMatch(/^chowda: .*\n$/);
  });

  it('exits with 1 and one line if Chowda rejects it', async () => {
    expect(await chowda(['batches', 'show', '4711'])).toEqual({
      exitCode: 1,
      out: '',
      err: expect.stringMatching(/^chowda: .*4711.*\n$/),
    });
  });

  it('exits with 3 immediately if Chowda is not reachable', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await callerOf(url, 'x')(['batches', 'list'])).toEqual({
      exitCode: 3,
      out: '',
      err: `chowda: ${url} is not reachable. Start Chowda there, or set CHOWDA_URL to its address.\n`,
    });
  });

  it('exits with 3 if Chowda rejects the token', async () => {
    const { exitCode, err } = await callerOf(gateway.client.url, 'wrong')(['batches', 'list']);
    expect(exitCode).toBe(3);
    expect(err).toMatch(/^chowda: .*\n$/);
  });

  it('exits with 2 if its settings are not valid', async () => {
    const { exitCode, err } = await callerOf('somewhere', 'x')(['batches', 'list']);
    expect(exitCode).toBe(2);
    expect(err).toContain('CHOWDA_URL');
  });

  it('exits with 130 after Ctrl-C', async () => {
    const signal = AbortSignal.abort();
    expect(await chowda(['batches', 'list'], { signal })).toEqual({ exitCode: 130, out: '', err: '' });
  });
});
