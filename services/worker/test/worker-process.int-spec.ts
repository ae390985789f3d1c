import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Slip } from '#libs/contracts';
import { sha256 } from '#libs/messaging';
import { type AppCall, type Reaction, type ScriptedApp, waitFor } from '#libs/testing';
import { WorkerStage } from './worker-stage.js';

const SLOW = 60_000;
const SECOND = 1000;
// Real processes run the compiled code; `npm test` builds it first.
const MAIN = join('dist', 'services', 'worker', 'src', 'main.js');

let stage: WorkerStage;
let shots: ScriptedApp;
let text: ScriptedApp;
let workers: ChildProcess[];
let script: (call: AppCall) => Reaction;

beforeEach(async () => {
  stage = await WorkerStage.open();
  script = () => ({ kind: 'ok' });
  shots = await stage.app({ name: 'shots', ackWait: 2, concurrency: 2, script: (call) => script(call) });
  text = await stage.app({ name: 'text', ackWait: 2 });
  workers = [];
});

afterEach(async () => {
  for (const child of workers.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await stage.close();
});

async function start(id: string, shutdownGrace = 0, change: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
  const env = {
    NATS_URL: stage.nats.url,
    WORKER_ID: id,
    LOG_LEVEL: 'error',
    SHUTDOWN_GRACE: String(shutdownGrace),
    ...change,
  };
  const child = fork(MAIN, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  workers.push(child);
  await once(child, 'message');
  return child;
}

const next = (slip: Slip) => ({ ...slip, index: slip.index + 1 });
const untilCalled = (slip: Slip, times = 1) =>
  waitFor(() => shots.callsFor(slip.guid).length === times, { what: `Call ${times} for ${slip.guid}` });

/** The app is called, and the event log says so: a worker that ends earlier leaves no trace of its call. */
const untilAnnounced = async (slip: Slip, call: number) => {
  await untilCalled(slip, call);
  await waitFor(async () => (await stage.started(slip))?.call === call, { what: `The event of call ${call}` });
};

/** Process ids of the isolated calls of a worker. */
async function callProcesses({ pid }: ChildProcess): Promise<number[]> {
  const ids = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return ids.split(' ').filter(Boolean).map(Number);
}

describe('a worker process', () => {
  it(
    'passes an answer of 5 MB to the next stage byte by byte',
    async () => {
      script = () => ({ kind: 'ok', padBytes: 5 * 1024 * 1024, annotations: 1000 });
      await start('w1');
      const slip = stage.slip(['shots', 'text']);
      await stage.publish(slip);
      await stage.untilSettled(next(slip), SLOW);
      const { event } = (await stage.settlement(slip))!;
      expect(event).toMatchObject({ kind: 'done', counts: { TimeFrame: 1000 }, document: { encoding: 'gzip' } });
      expect(event.document!.bytes).toBeGreaterThan(5 * 1024 * 1024);
      expect(sha256(text.callsFor(slip.guid)[0]!.document)).toBe(event.document!.sha256);
      expect((await stage.stage('text', next(slip)))!.stored.body.byteLength).toBeLessThan(2000);
    },
    SLOW,
  );

  it(
    'is replaced by another one when it is killed during a call, and the call counts',
    async () => {
      script = ({ attempt }) => (attempt === 1 ? { kind: 'hang' } : { kind: 'ok' });
      const killed = await start('w1');
      const slip = stage.slip(['shots', 'text']);
      await stage.publish(slip);
      await untilAnnounced(slip, 1);
      killed.kill('SIGKILL');
      await start('w2');
      await stage.untilSettled(next(slip), SLOW);
      expect(await stage.settlement(slip)).toMatchObject({ event: { kind: 'done', worker: 'w2', call: 2 }, count: 1 });
      expect(shots.callsFor(slip.guid)).toHaveLength(2);
      expect(text.callsFor(slip.guid)).toHaveLength(1);
      await stage.untilAcknowledged('shots');
    },
    SLOW,
  );

  it(
    'that was suspended does not call for settled stages, and continues with what another worker committed',
    async () => {
      script = ({ attempt }) => ({ kind: 'ok', slowMs: attempt === 1 ? SECOND : 0 });
      const stopped = await start('w1');
      const [called, unread] = [stage.slip(['shots', 'text']), stage.slip(['shots', 'text'])];
      await stage.publish(called);
      await untilAnnounced(called, 1);
      stopped.kill('SIGSTOP');
      // Its other slot has requested a message, so this one goes into the buffers of the suspended process.
      script = () => ({ kind: 'ok' });
      await stage.publish(unread);
      await start('w2');
      await stage.untilSettled(next(called), SLOW);
      await stage.untilSettled(next(unread), SLOW);
      stopped.kill('SIGCONT');
      await stage.untilAcknowledged('shots');
      // Once it has settled something newer, it has processed what it received late.
      const isBack = async () => {
        const slip = stage.slip(['shots']);
        await stage.publish(slip);
        return (await stage.untilSettled(slip)).event.worker === 'w1';
      };
      await waitFor(isBack, { within: SLOW });
      expect(await stage.settlement(called)).toMatchObject({ event: { worker: 'w2', call: 2 }, count: 1 });
      expect(await stage.settlement(unread)).toMatchObject({ event: { worker: 'w2' }, count: 1 });
      expect(shots.callsFor(unread.guid)).toHaveLength(1);
      for (const slip of [called, unread]) {
        expect((await stage.stage('text', next(slip)))!.count).toBe(1);
        expect(text.callsFor(slip.guid)).toHaveLength(1);
      }
    },
    SLOW,
  );

  it(
    'that was suspended commits no result into a new log, which may lack the settlement of another worker',
    async () => {
      let answer!: () => void;
      const until = new Promise<void>((resolve) => (answer = resolve));
      script = ({ attempt }) => (attempt === 1 ? { kind: 'held', until } : { kind: 'ok' });
      const stopped = await start('w1');
      const [last, followed] = [stage.slip(['shots']), stage.slip(['shots', 'text'])];
      for (const slip of [last, followed]) {
        await stage.publish(slip);
        await untilAnnounced(slip, 1);
      }
      stopped.kill('SIGSTOP');
      await start('w2');
      await stage.untilSettled(last, SLOW);
      await stage.untilSettled(next(followed), SLOW);
      await stage.recreateLog();
      answer();
      stopped.kill('SIGCONT');
      expect((await stage.untilSettled(last, SLOW)).event).toMatchObject({ kind: 'parked', worker: 'w1' });
      await stage.untilAcknowledged('shots');
      // Its next stage was published, which proves the lost settlement.
      expect(await stage.settlement(followed)).toBeNull();
      for (const slip of [last, followed]) expect(shots.callsFor(slip.guid)).toHaveLength(2);
      expect(text.callsFor(followed.guid)).toHaveLength(1);
    },
    SLOW,
  );

  it(
    'survives the third call of a file that ended two workers; the file fails after the fourth, the one beside it does not',
    async () => {
      let answer!: () => void;
      const mayAnswer = new Promise<void>((resolve) => (answer = resolve));
      const poison = stage.slip(['shots']);
      // Its earlier calls ended with the same workers.
      const beside = { ...stage.slip(['shots']), calls: 2 };
      script = ({ guid }) => (guid === beside.guid ? { kind: 'held', until: mayAnswer } : { kind: 'hang' });
      await stage.publish(poison);
      for (const call of [1, 2]) {
        const killed = await start(`w${call}`);
        await untilAnnounced(poison, call);
        killed.kill('SIGKILL');
      }
      const survivor = await start('w3');
      await untilAnnounced(poison, 3);
      const [third] = await callProcesses(survivor);
      await stage.publish(beside);
      await untilCalled(beside);
      const others = await callProcesses(survivor);
      process.kill(third!, 'SIGKILL');
      await untilAnnounced(poison, 4);
      const [fourth] = (await callProcesses(survivor)).filter((id) => !others.includes(id));
      process.kill(fourth!, 'SIGKILL');
      const { event } = await stage.untilSettled(poison);
      expect(event).toMatchObject({ outcome: 'crash-loop', worker: 'w3', call: 4 });
      expect(event.sentence).toContain('was called 4 times for this file without a recorded result');
      answer();
      expect((await stage.untilSettled(beside)).event).toMatchObject({ kind: 'done', worker: 'w3', call: 3 });
      await stage.untilAcknowledged('shots');
      await waitFor(async () => (await callProcesses(survivor)).length === 0);
      expect(survivor.exitCode).toBeNull();
    },
    SLOW,
  );

  it(
    'survives an answer that needs more memory than an isolated call may use',
    async () => {
      script = () => ({ kind: 'ok', padBytes: 80 * 1024 * 1024 });
      const survivor = await start('w1', 0, { ISOLATED_CALL_MIB: '128' });
      const slip = { ...stage.slip(['shots']), calls: 3 };
      await stage.publish(slip);
      expect((await stage.untilSettled(slip, SLOW)).event).toMatchObject({ outcome: 'crash-loop', call: 4 });
      expect(shots.callsFor(slip.guid)).toHaveLength(1);
      expect(survivor.exitCode).toBeNull();
    },
    SLOW,
  );

  it.each([
    ['exits cleanly on SIGTERM and returns its work to the queue', 0],
    ['also returns an isolated call on SIGTERM, which does not count', 2],
  ])(
    '%s',
    async (_, calls) => {
      script = ({ attempt }) => (attempt === 1 ? { kind: 'hang' } : { kind: 'ok' });
      const leaving = await start('w1');
      const slip = { ...stage.slip(['shots']), calls };
      await stage.publish(slip);
      await untilCalled(slip);
      await start('w2');
      leaving.kill('SIGTERM');
      expect(await once(leaving, 'exit')).toEqual([0, null]);
      expect(await stage.untilSettled(slip)).toMatchObject({
        event: { kind: 'done', worker: 'w2', call: calls + 1 },
        count: 1,
      });
    },
    SLOW,
  );

  it(
    'finishes its calls within the shutdown grace, and takes no other stage meanwhile',
    async () => {
      let answer!: () => void;
      const mayAnswer = new Promise<void>((resolve) => (answer = resolve));
      script = () => ({ kind: 'held', until: mayAnswer });
      const worker = await start('w1', 60);
      const [called, waiting] = [stage.slip(['shots']), stage.slip(['shots'])];
      await stage.publish(called);
      await untilCalled(called);
      const exit = once(worker, 'exit');
      worker.kill('SIGTERM');
      await waitFor(async () => (await stage.pulls('shots')) === 0);
      await stage.publish(waiting);
      answer();
      expect(await exit).toEqual([0, null]);
      expect((await stage.settlement(called))!.event).toMatchObject({ kind: 'done', worker: 'w1', call: 1 });
      expect(shots.calls).toHaveLength(1);
      expect(await stage.settlement(waiting)).toBeNull();
    },
    SLOW,
  );

  it(
    'is drained by SIGUSR2: it finishes its calls and takes no other stage',
    async () => {
      let answer!: () => void;
      const mayAnswer = new Promise<void>((resolve) => (answer = resolve));
      script = () => ({ kind: 'held', until: mayAnswer });
      const drained = await start('w1', 60);
      const [called, waiting] = [stage.slip(['shots']), stage.slip(['shots'])];
      await stage.publish(called);
      await untilCalled(called);
      drained.kill('SIGUSR2');
      await waitFor(async () => (await stage.pulls('shots')) === 0);
      await stage.publish(waiting);
      answer();
      expect((await stage.untilSettled(called)).event).toMatchObject({ kind: 'done', worker: 'w1' });
      await start('w2');
      expect((await stage.untilSettled(waiting)).event).toMatchObject({ kind: 'done', worker: 'w2' });
      expect(drained.exitCode).toBeNull();
      drained.kill('SIGTERM');
      expect(await once(drained, 'exit')).toEqual([0, null]);
    },
    SLOW,
  );
});
