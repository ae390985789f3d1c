import { setTimeout as delay } from 'node:timers/promises';
import type { RunningProcess } from './running-process.js';

const SECOND = 1000;
const FIRST_DELAY = SECOND / 4;
const LONGEST_DELAY = 5 * SECOND;
/** A process that lived this long begins again with the first delay. */
const STEADY_AFTER = 30 * SECOND;

/** Something that is kept running. */
export interface Supervised {
  readonly name: string;
  /** Resolves when it is ready. */
  start(): Promise<RunningProcess>;
}

interface Kept {
  readonly name: string;
  running: RunningProcess | null;
  /** Ends when the supervisor has let go of it. */
  watch: Promise<void>;
}

/** The delay before the next start of a process that ended again after `lifeMs` milliseconds. */
export const nextDelay = (lastMs: number, lifeMs: number): number =>
  lifeMs >= STEADY_AFTER || lastMs === 0 ? FIRST_DELAY : Math.min(lastMs * 2, LONGEST_DELAY);

/**
 * Keeps processes running: one that ends is printed about and started again, after a delay that grows while it keeps
 * ending. After `stop` has begun nothing is started any more.
 */
export class Supervisor {
  private readonly kept: Kept[] = [];
  private readonly stopping = new AbortController();

  constructor(private readonly print: (sentence: string) => void) {}

  /** Starts one more process; throws when its first start fails. */
  async keep(supervised: Supervised): Promise<void> {
    this.stopping.signal.throwIfAborted();
    const entry: Kept = { name: supervised.name, running: await supervised.start(), watch: Promise.resolve() };
    entry.watch = this.watch(supervised, entry);
    this.kept.push(entry);
    if (this.stopping.signal.aborted) await this.end(entry);
    this.stopping.signal.throwIfAborted();
  }

  /** The process id of each running process, by name. */
  pids(): Record<string, number> {
    return Object.fromEntries(this.kept.flatMap(({ name, running }) => (running ? [[name, running.pid]] : [])));
  }

  /** Stops everything, the last started first. */
  async stop(): Promise<void> {
    this.stopping.abort();
    for (const entry of this.kept.toReversed()) await this.end(entry);
  }

  /** Ends everything as `kill -9` does. */
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
      wait = nextDelay(wait, Date.now() - startedAt);
      if (!(await this.pause(wait, `${supervised.name} ended (${reason}); starting it again.`))) return;
      startedAt = Date.now();
      entry.running = await this.startAgain(supervised);
      // A start that was under way when `stop` began has to be undone here: `stop` saw nothing running.
      if (this.stopping.signal.aborted) await entry.running?.stop();
    }
  }

  private async startAgain(supervised: Supervised): Promise<RunningProcess | null> {
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
