import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testFolder, waitFor } from '#libs/testing';
import { runNodeScript, startNodeService } from './node-service.js';
import { isAlive } from './orphan.js';
import { nextDelay, Supervisor } from './supervisor.js';

/** Tells that it is ready, ends in order on SIGTERM and without its parent. */
const WELL_BEHAVED = `
  process.on('SIGTERM', () => { console.log('stopped in order'); process.exit(0); });
  process.on('disconnect', () => process.exit(0));
  console.log('hello from', process.env.GREETER);
  process.send({ ready: true });
  setInterval(() => undefined, 1000);
`;

describe(Supervisor, () => {
  let logFolder: string;
  let sentences: string[];
  let supervisor: Supervisor;
  beforeEach(async () => {
    logFolder = await testFolder('supervisor');
    sentences = [];
    supervisor = new Supervisor((sentence) => sentences.push(sentence));
  });
  afterEach(() => supervisor.stop());

  const keep = async (name: string, source: string) => {
    const script = join(logFolder, `${name}.cjs`);
    await writeFile(script, source);
    const service = { name, script, environment: { GREETER: name }, logFolder };
    await supervisor.keep({ name, start: () => startNodeService(service) });
  };
  const log = (name: string) => readFile(join(logFolder, `${name}.log`), 'utf8');

  it('starts a killed process again, tells so, and leaves the others alone', async () => {
    await keep('killed', WELL_BEHAVED);
    await keep('other', WELL_BEHAVED);
    const before = supervisor.pids();
    process.kill(before['killed']!, 'SIGKILL');
    await waitFor(() => sentences.includes('killed is running again.'));
    const after = supervisor.pids();
    expect(after['other']).toBe(before['other']);
    expect(after['killed']).not.toBe(before['killed']);
    expect(sentences).toEqual(['killed ended (SIGKILL); starting it again.', 'killed is running again.']);
  });

  it('goes on trying while a process cannot be started, and does not give up', async () => {
    await keep('broken', WELL_BEHAVED);
    await writeFile(join(logFolder, 'broken.cjs'), 'throw new Error("no luck")');
    process.kill(supervisor.pids()['broken']!, 'SIGKILL');
    await waitFor(() => sentences.filter((sentence) => /broken ended at its start/.test(sentence)).length > 1);
    await writeFile(join(logFolder, 'broken.cjs'), WELL_BEHAVED);
    await waitFor(() => sentences.at(-1) === 'broken is running again.');
  });

  it('stops every process in order and leaves none', async () => {
    await keep('first', WELL_BEHAVED);
    await keep('second', WELL_BEHAVED);
    const pids = Object.values(supervisor.pids());
    await supervisor.stop();
    expect(pids.map(isAlive)).toEqual([false, false]);
    expect(await log('first')).toBe('hello from first\nstopped in order\n');
    expect(sentences).toEqual([]);
  });

  it('ends every process at once when told to kill', async () => {
    await keep('stubborn', WELL_BEHAVED.replace('process.exit(0); });', '});'));
    const pid = supervisor.pids()['stubborn']!;
    supervisor.killAll();
    await waitFor(() => !isAlive(pid));
    expect(sentences).toEqual([]);
  });

  it('does not start anything after it was stopped', async () => {
    await supervisor.stop();
    await expect(keep('late', WELL_BEHAVED)).rejects.toThrow(/aborted/);
  });

  it('tells the last lines of a process that ends before it is ready', async () => {
    await expect(keep('hasty', 'console.error("no configuration"); process.exit(3)')).rejects.toThrow(
      /^hasty ended at its start \(exit code 3\): no configuration$/,
    );
  });
});

describe(runNodeScript, () => {
  const run = async (source: string) => {
    const logFolder = await testFolder('script');
    const script = join(logFolder, 'script.cjs');
    await writeFile(script, source);
    return runNodeScript({ name: 'migrate', script, environment: {}, logFolder });
  };

  it('waits for a script that succeeds', async () => {
    await expect(run('setImmediate(() => process.exit(0))')).resolves.toBeUndefined();
  });

  it('tells the last lines of a script that fails', async () => {
    await expect(run('console.log("no table"); process.exit(1)')).rejects.toThrow(/^migrate failed .*no table$/);
  });
});

describe(nextDelay, () => {
  it('doubles from a quarter of a second to five seconds while a process keeps ending', () => {
    const delays = [1, 2, 3, 4, 5, 6].reduce<number[]>((all) => [...all, nextDelay(all.at(-1) ?? 0, 10)], []);
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 5000]);
  });

  it('begins again after a long life', () => {
    expect(nextDelay(5000, 60_000)).toBe(250);
  });
});
