import { setTimeout as delay } from 'node:timers/promises';
import { appConsumer, STREAMS } from '#libs/contracts';
import { until } from '#deploy/local';
import type { ChaosStack } from './chaos-stack.js';
import type { History } from './history.js';
import { describeDisturbance, type Disturbance, type Planned } from './plan.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const POLL_MS = 20;
/** Disturbances continue without progress after this time, for example while the leader is suspended. */
const MAX_WAIT = 12 * SECOND;

/** A disturbance and its time in seconds after the begin. */
export interface Disturbed {
  readonly second: number;
  readonly what: string;
}

/** The parts of a disturber. */
export interface DisturberParts {
  readonly stack: ChaosStack;
  readonly history: History;
  /** Slugs of the apps. */
  readonly apps: readonly string[];
  /** Share of settled stages, from 0 to 1. */
  readonly progress: () => number;
}

const choose = <Item>(items: readonly Item[], choice: number): Item | undefined =>
  items[Math.floor(choice * items.length)];

/** Carries out a plan of disturbances while batches run. */
export class Disturber {
  readonly done: Disturbed[] = [];
  private readonly begin = Date.now();
  private readonly frozen = new Set<number>();
  private readonly inProgress: Promise<void>[] = [];
  private lastBrokerKill: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: DisturberParts) {}

  /** Resolves when the plan is done and every suspended process continues. */
  async carryOut(plan: readonly Planned[], signal: AbortSignal): Promise<void> {
    for (const planned of plan) {
      await this.untilDue(planned, signal);
      await delay(planned.delayMs, undefined, { signal });
      // Not awaited: a disturbance that waits for the restart of its process must not delay the others.
      this.follow(this.disturb(planned.disturbance).then((what) => this.note(what)));
    }
    // A followed disturbance can add another one.
    for (const one of this.inProgress) await one;
  }

  /** Resumes all suspended processes. */
  resumeAll(): void {
    for (const pid of this.frozen) send(pid, 'SIGCONT');
    this.frozen.clear();
  }

  private follow(work: Promise<void>): void {
    this.inProgress.push(work);
    // `carryOut` reports the error later.
    work.catch(() => undefined);
  }

  private note(what: string): void {
    this.done.push({ second: Math.round((Date.now() - this.begin) / SECOND), what });
  }

  private async untilDue({ at }: Planned, signal: AbortSignal): Promise<void> {
    const latest = Date.now() + MAX_WAIT;
    while (this.parts.progress() < at && Date.now() < latest) await delay(POLL_MS, undefined, { signal });
  }

  /** Returns a description for the report. */
  private async disturb(disturbance: Disturbance): Promise<string> {
    switch (disturbance.kind) {
      case 'kill':
        return this.kill(disturbance);
      case 'freeze':
        return this.freeze(disturbance);
      case 'delete-consumer':
        return this.deleteConsumer(disturbance.choice);
      case 'delete-stream':
        await this.parts.history.catchUp(disturbance.stream);
        await (await this.manager()).streams.delete(disturbance.stream);
        return describeDisturbance(disturbance);
      case 'replay':
        return this.replay(disturbance.choice);
    }
  }

  private kill(disturbance: Extract<Disturbance, { kind: 'kill' }>): Promise<string> {
    if (disturbance.process !== 'nats-server') return this.killNow(disturbance);
    // A cluster of three tolerates the loss of one server at a time.
    const killed = this.lastBrokerKill.then(() => this.untilBrokersReady()).then(() => this.killNow(disturbance));
    this.lastBrokerKill = killed.catch(() => undefined);
    return killed;
  }

  private async killNow({ process: kind, choice }: Extract<Disturbance, { kind: 'kill' }>): Promise<string> {
    const { stack } = this.parts;
    const isRunning = (name: string) => stack.pid(name) !== undefined;
    const name = await until(`The start of a ${kind}`, MINUTE, () =>
      choose(stack.processes(kind).filter(isRunning), choice),
    );
    send(stack.pid(name), 'SIGKILL');
    return `kill -9 of ${name}`;
  }

  private async untilBrokersReady(): Promise<void> {
    const { stack } = this.parts;
    const names = stack.processes('nats-server');
    await until('The start of every nats-server', MINUTE, async () => {
      if (!names.every((name) => stack.pid(name) !== undefined)) return false;
      if (names.length === 1) return true;
      for await (const { cluster } of (await this.manager()).streams.list()) {
        const replicas = cluster?.replicas ?? [];
        if (replicas.length < names.length - 1 || !replicas.every(({ current }) => current)) return false;
      }
      return true;
    });
  }

  private async freeze(disturbance: Extract<Disturbance, { kind: 'freeze' }>): Promise<string> {
    const { stack } = this.parts;
    const name =
      disturbance.process === 'leader'
        ? await until('The election of a leader', MINUTE, () => stack.leader())
        : choose(stack.processes('worker'), disturbance.choice)!;
    const pid = await until(`The start of ${name}`, MINUTE, () => stack.pid(name));
    send(pid, 'SIGSTOP');
    this.frozen.add(pid);
    this.follow(this.resume(pid, disturbance.seconds));
    return `SIGSTOP of ${name} for ${disturbance.seconds} s`;
  }

  private async resume(pid: number, seconds: number): Promise<void> {
    await delay(seconds * SECOND, undefined, { ref: false });
    if (this.frozen.delete(pid)) send(pid, 'SIGCONT');
  }

  private async deleteConsumer(choice: number): Promise<string> {
    const app = choose(this.parts.apps, choice)!;
    await (await this.manager()).consumers.delete(STREAMS.stages.name, appConsumer(app)).catch(() => false);
    return `deletion of consumer ${appConsumer(app)}`;
  }

  private async replay(choice: number): Promise<string> {
    const message = choose(this.parts.history.messages, choice);
    if (!message) return 'no stage message to republish';
    const { link } = this.parts.stack;
    const publish = () => link.publisher.publish(message.subject, message.body);
    await until('The publication of a replay', MINUTE, publish);
    return `replay of ${message.subject}`;
  }

  private async manager() {
    const { link } = this.parts.stack;
    return until('The readiness of JetStream', MINUTE, () => link.connection.jetstreamManager());
  }
}

/** Sends a signal to a process; ignores a process that has ended. */
function send(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
