import { describe, expect, it } from '@jest/globals';
import { WaitingLine } from './waiting-line.js';

describe(WaitingLine, () => {
  it('begins a task when the one before has ended, however it did', async () => {
    const line = new WaitingLine(3);
    const seen: string[] = [];
    let breakFirst: (error: Error) => void = () => undefined;
    const first = new Promise<void>((_, reject) => (breakFirst = reject));
    const tasks = [
      line.take(async () => {
        seen.push('first');
        await first;
      }),
      line.take(() => Promise.resolve(seen.push('second'))),
    ];
    await Promise.resolve();
    expect(seen).toEqual(['first']);
    breakFirst(new Error('broken'));
    await expect(tasks[0]).rejects.toThrow('broken');
    await tasks[1];
    expect(seen).toEqual(['first', 'second']);
  });

  it('is full when no more have room, and not once one of them has ended', async () => {
    const line = new WaitingLine(2);
    const tasks = [line.take(() => Promise.resolve())];
    expect(line.isFull).toBe(false);
    tasks.push(line.take(() => Promise.resolve()));
    expect(line.isFull).toBe(true);
    await Promise.all(tasks);
    expect(line.isFull).toBe(false);
  });
});
