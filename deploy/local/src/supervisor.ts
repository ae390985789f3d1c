import { setTimeout as delay } from 'node:timers/promises';
import type { RunningProcess } from './running-process.js';

const SECOND = 1000;
const FIRST_DELAY = SECOND / 4;
const LONGEST_DELAY = 5 * SECOND;
/** After this uptime, the restart delay is reset. */
const STEADY_AFTER = 30 * SECOND;

/** A process that the supervisor keeps running. */
export interface Supervised {
  readonly name: string;
  /** Starts the process; resolves when it is ready. */
  start(): Promise<RunningProcess>;
}

interface Kept {
  readonly name: string;
  running: RunningProcess | null;
  /** Resolves when the supervisor no longer watches the process. */
  watch: Promise<void>;
}

/**
 * The delay in ms before the next start of a process that ran for `lifeMs`, at most `longestMs`; `lastMs` is the previous
 * delay, at first 0.
 */
export const nextDelay = (lastMs: number, lifeMs: number, longestMs = LONGEST_DELAY): number =>
  Math.min(lifeMs >= STEADY_AFTER || lastMs === 0 ? FIRST_DELAY : lastMs * 2, longestMs);

/**
 * Keeps processes running: it reports and restarts a process that ends, after a delay that grows while the process keeps
 * ending. It starts nothing after a call of `stop`.
 */
export class Supervisor {
  private readonly kept: Kept[] = [];
  private readonly stopping = new AbortController();

  /** `longestDelay`: the limit, in ms, of the delay before a restart. */
  constructor(
    private readonly print: (sentence: string) => void,
    private readonly longestDelay = LONGEST_DELAY,
  ) {}

  /** Starts a process and keeps it running; throws if its first start fails. */
  async keep(supervised: Supervised): Promise<void> {
    this.stopping.signal.throwIfAborted();
    const entry: Kept = { name: supervised.name, running: await supervised.start(), watch: Promise.resolve() };
    entry.watch = this.watch(supervised, entry);
    this.kept.push(entry);
    if (this.stopping.signal.aborted) await this.end(entry);
    this.stopping.signal.throwIfAborted();
  }

  /** Process IDs by name. */
  pids(): Record<string, number> {
    return Object.fromEntries(this.kept.flatMap(({ name, running }) => (running ? [[name, running.pid]] : [])));
  }

  /** Stops all processes in reverse order of their start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    for (const entry of this.kept.toReversed()) await this.end(entry);
  }

  /** Sends SIGKILL to all processes. */
  killAll(): void {
    this.stopping.abort();
    for (const { running } of this.kept) running?.kill();
  }

  private async end(entry: Kept): Promise<void> {
    await entry.running?.stop();
    await entry.watch;
  }

  private async watch(supervised: Supervised, entry: Kept): Promise<void> {
    let wait = 0;
    let startedAt = Date.now();
    while (!this.stopping.signal.aborted) {
      const reason = await (entry.running?.exited ?? 'it could not be started');
      entry.running = null;
      wait = nextDelay(wait, Date.now() - startedAt, this.longestDelay);
      if (!(await this.pause(wait, `${supervised.name} ended (${reason}); restarting it.`))) return;
      startedAt = Date.now();
      entry.running = await this.restart(supervised);
      // `stop` does not see a start that is in progress, so the new process has to be stopped here.
      if (this.stopping.signal.aborted) await entry.running?.stop();
    }
  }

  private async restart(supervised: Supervised): Promise<RunningProcess | null> {
    try {
      const running = await supervised.start();
      this.print(`${supervised.name} is running again.`);
      return running;
    } catch (error) {
      this.print(error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  /** False when the supervisor is stopping. */
  private async pause(milliseconds: number, sentence: string): Promise<boolean> {
    if (this.stopping.signal.aborted) return false;
    this.print(sentence);
    return delay(milliseconds, true, { signal: this.stopping.signal }).catch(() => false);
  }
}
