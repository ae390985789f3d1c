import { describe, expect, it } from '@jest/globals';
import { SerialTasks } from './serial-tasks.js';

/** A task that ends on command. */
function task(log: string[], name: string) {
  let end!: (error?: Error) => void;
  const ended = new Promise<string>((resolve, reject) => {
    end = (error) => (error ? reject(error) : resolve(name));
  });
  return {
    end,
    run: () => {
      log.push(name);
      return ended;
    },
  };
}

describe(SerialTasks, () => {
  it('starts a task after the previous task of its name has finished or failed', async () => {
    const log: string[] = [];
    const turns = new SerialTasks();
    const [first, second, third] = ['first', 'second', 'third'].map((name) => task(log, name)) as [
      ReturnType<typeof task>,
      ReturnType<typeof task>,
      ReturnType<typeof task>,
    ];
    const results = [first, second, third].map(({ run }) => turns.take('key', run));
    expect(log).toEqual(['first']);
    first.end(new Error('no'));
    await expect(results[0]).rejects.toThrow('no');
    await Promise.resolve();
    expect(log).toEqual(['first', 'second']);
    second.end();
    third.end();
    expect(await Promise.all(results.slice(1))).toEqual(['second', 'third']);
  });

  it('runs tasks of different names concurrently', () => {
    const log: string[] = [];
    const turns = new SerialTasks();
    for (const name of ['a', 'b']) void turns.take(name, task(log, name).run);
    expect(log).toEqual(['a', 'b']);
  });

  it('forgets a name without a task', async () => {
    const turns = new SerialTasks();
    await turns.take('key', () => Promise.resolve());
    await expect(turns.take('key', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(turns.size).toBe(0);
  });
});
