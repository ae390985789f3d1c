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

/** Every command that does something, as words: `media list`, `batches start`. */
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
  it('has help with examples, each of them', async () => {
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
  ])('ends with 2 and one line when it is not parseAnswer: %j', async (args) => {
    const { exitCode, out, err } = await chowda(args);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toMatch(/^chowda: .*\n$/);
  });

  it('ends with 1 and one line when Chowda refuses it', async () => {
    expect(await chowda(['batches', 'show', '4711'])).toEqual({
      exitCode: 1,
      out: '',
      err: expect.stringMatching(/^chowda: .*4711.*\n$/),
    });
  });

  it('ends with 3 when nobody is there, without waiting', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await callerOf(url, 'x')(['batches', 'list'])).toEqual({
      exitCode: 3,
      out: '',
      err: `chowda: ${url} is not reachable: start Chowda there, or set CHOWDA_URL to where it runs.\n`,
    });
  });

  it('ends with 3 when its token is not known', async () => {
    const { exitCode, err } = await callerOf(gateway.client.url, 'wrong')(['batches', 'list']);
    expect(exitCode).toBe(3);
    expect(err).toMatch(/^chowda: .*\n$/);
  });

  it('ends with 2 when its settings are wrong', async () => {
    const { exitCode, err } = await callerOf('somewhere', 'x')(['batches', 'list']);
    expect(exitCode).toBe(2);
    expect(err).toContain('CHOWDA_URL');
  });

  it('ends with 130 after Ctrl-C', async () => {
    const signal = AbortSignal.abort();
    expect(await chowda(['batches', 'list'], { signal })).toEqual({ exitCode: 130, out: '', err: '' });
  });
});
