import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testFolder, waitFor } from '#libs/testing';
import { runNodeScript, startNodeService } from './node-service.js';
import { isAlive } from './orphan.js';
import { nextDelay, Supervisor } from './supervisor.js';

/** Reports that it is ready; exits on SIGTERM and when its parent ends. */
const SERVICE = `
  process.on('SIGTERM', () => { console.log('stopped regularly'); process.exit(0); });
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

  it('restarts a killed process, reports it, and leaves the others alone', async () => {
    await keep('killed', SERVICE);
    await keep('other', SERVICE);
    const before = supervisor.pids();
    process.kill(before['killed']!, 'SIGKILL');
    await waitFor(() => sentences.includes('killed is running again.'));
    const after = supervisor.pids();
    expect(after['other']).toBe(before['other']);
    expect(after['killed']).not.toBe(before['killed']);
    expect(sentences).toEqual(['killed ended (SIGKILL); restarting it.', 'killed is running again.']);
  });

  it('keeps trying while a process cannot be started', async () => {
    await keep('broken', SERVICE);
    await writeFile(join(logFolder, 'broken.cjs'), 'throw new Error("cannot start")');
    process.kill(supervisor.pids()['broken']!, 'SIGKILL');
    await waitFor(() => sentences.filter((sentence) => /broken exited during its start/.test(sentence)).length > 1);
    await writeFile(join(logFolder, 'broken.cjs'), SERVICE);
    await waitFor(() => sentences.at(-1) === 'broken is running again.');
  });

  it('stops every process in order and leaves none', async () => {
    await keep('first', SERVICE);
    await keep('second', SERVICE);
    const pids = Object.values(supervisor.pids());
    await supervisor.stop();
    expect(pids.map(isAlive)).toEqual([false, false]);
    expect(await log('first')).toBe('hello from first\nstopped regularly\n');
    expect(sentences).toEqual([]);
  });

  it('kills every process at once', async () => {
    await keep('stubborn', SERVICE.replace('process.exit(0); });', '});'));
    const pid = supervisor.pids()['stubborn']!;
    supervisor.killAll();
    await waitFor(() => !isAlive(pid));
    expect(sentences).toEqual([]);
  });

  it('starts nothing after it was stopped', async () => {
    await supervisor.stop();
    await expect(keep('late', SERVICE)).rejects.toThrow(/aborted/);
  });

  it('reports the last log lines of a process that exits before it is ready', async () => {
    await expect(keep('hasty', 'console.error("no configuration"); process.exit(3)')).rejects.toThrow(
      /^hasty exited during its start \(exit code 3\): no configuration$/,
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

  it('reports the last log lines of a script that fails', async () => {
    await expect(run('console.log("no table"); process.exit(1)')).rejects.toThrow(/^migrate failed .*no table$/);
  });
});

describe(nextDelay, () => {
  it('doubles from a quarter of a second to five seconds while a process keeps ending', () => {
    const delays = [1, 2, 3, 4, 5, 6].reduce<number[]>((all) => [...all, nextDelay(all.at(-1) ?? 0, 10)], []);
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 5000]);
  });

  it('stays below another limit', () => {
    expect([nextDelay(0, 10, 300), nextDelay(250, 10, 300), nextDelay(300, 10, 300)]).toEqual([250, 300, 300]);
  });

  it('starts over after a long uptime', () => {
    expect(nextDelay(5000, 60_000)).toBe(250);
  });
});
