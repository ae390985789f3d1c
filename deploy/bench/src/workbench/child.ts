import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningProcess } from '#deploy/local';
import type { Workbench } from './workbench.js';

const STOP_GRACE_MS = 5000;

/** A process of the bench that handles one request at a time. */
export interface Child extends RunningProcess {
  /** Sends a request as JSON; resolves with the answer, rejects with the error of the process or when it ends. */
  ask<Answer>(question: object): Promise<Answer>;
}

/** A message of a child: it is ready, an answer, or an error. */
export type ChildMessage = { ready: true } | { answer: unknown } | { error: string };

/** Starts a built script in a separate process and waits until it is ready. */
export async function startChild(
  bench: Workbench,
  { name, script, environment }: { name: string; script: string; environment: Readonly<Record<string, string>> },
): Promise<Child> {
  mkdirSync(bench.logFolder, { recursive: true });
  const log = openSync(join(bench.logFolder, `${name}.log`), 'a');
  const child = fork(script, {
    execArgv: ['--enable-source-maps'],
    env: { ...process.env, ...environment },
    stdio: ['ignore', log, log, 'ipc'],
    // Ctrl-C must reach the bench alone, which then stops everything in order.
    detached: true,
  });
  closeSync(log);
  const exited = once(child, 'exit').then(([code, signal]) => String(signal ?? `exit code ${code}`));
  const next = async (): Promise<ChildMessage> => ((await once(child, 'message')) as [ChildMessage])[0];
  const started: Child = {
    pid: child.pid ?? 0,
    exited,
    stop: async () => {
      child.kill('SIGTERM');
      const killTimer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
      await exited;
      clearTimeout(killTimer);
    },
    kill: () => void child.kill('SIGKILL'),
    ask: async <Answer>(question: object) => {
      const ended = exited.then((reason): never => {
        throw new Error(`${name} ended before its answer (${reason}).`);
      });
      const answered = Promise.race([next(), ended]);
      child.send(question);
      const message = await answered;
      if ('answer' in message) return message.answer as Answer;
      throw new Error(`${name}: ${'error' in message ? message.error : 'no answer'}`);
    },
  };
  const ready = next();
  const kept = bench.keep(name, started);
  await bench.step(`Starting ${name}`, () => ready);
  return kept;
}
