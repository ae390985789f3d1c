import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type NatsProgram, type RunningProcess, withProgress } from '#deploy/local';

const LAST_LOG_CHARACTERS = 600;

/** Settings that all parts of one run share. */
export interface BenchRun {
  /** Use small sizes: a check of the bench itself. */
  readonly quick: boolean;
  /** Absolute path of the folder for servers and logs; removed after the run. */
  readonly folder: string;
  readonly natsProgram: NatsProgram;
  readonly print: (sentence: string) => void;
  /** Aborted when the user stops the bench. */
  readonly signal: AbortSignal;
}

/** The environment of one part: keeps its processes, reports slow steps, and cleans up at the end. */
export class Workbench {
  readonly logFolder: string;
  private readonly cleanups: (() => Promise<void> | void)[] = [];
  private readonly failure: Promise<never>;
  private fail: (error: Error) => void = () => undefined;

  constructor(
    readonly run: BenchRun,
    private readonly part: string,
  ) {
    this.logFolder = join(run.folder, 'logs');
    this.failure = new Promise((_, reject) => (this.fail = reject));
    this.failure.catch(() => undefined);
    const stop = () => this.fail(new Error('stopped'));
    run.signal.addEventListener('abort', stop, { once: true });
    this.defer(() => run.signal.removeEventListener('abort', stop));
  }

  get quick(): boolean {
    return this.run.quick;
  }

  /** A folder of this part. */
  folder(name: string): string {
    return join(this.run.folder, `${this.part}-${name}`);
  }

  /** Runs a step and reports it if it is slow. Throws as soon as a kept process ends unexpectedly. */
  step<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
    const print = (sentence: string) => this.run.print(`  ${this.part}: ${sentence}`);
    return withProgress(what, print, Promise.race([work(), this.failure]));
  }

  /** Runs a section of the part with its own processes, which stop at its end. */
  async within<Value>(section: string, work: (bench: Workbench) => Promise<Value>): Promise<Value> {
    const bench = new Workbench(this.run, `${this.part}-${section}`);
    try {
      return await work(bench);
    } finally {
      await bench.close();
    }
  }

  /**
   * Stops a process at the end of the part. If it ends earlier, the part fails with the last lines of its log, unless the
   * part killed it by `kill` of the returned process.
   */
  keep<Kept extends RunningProcess>(logName: string, process: Kept): Kept {
    let isWanted = true;
    const kill = () => {
      isWanted = false;
      process.kill();
    };
    this.defer(async () => {
      isWanted = false;
      await process.stop();
    });
    void process.exited.then(async (reason) => {
      if (!isWanted) return;
      const log = await readFile(join(this.logFolder, `${logName}.log`), 'utf8').catch(() => '');
      this.fail(new Error(`${logName} ended (${reason}): ${log.trim().slice(-LAST_LOG_CHARACTERS)}`));
    });
    return { ...process, kill };
  }

  /** Adds a cleanup step; the steps run in reverse order. */
  defer(cleanup: () => Promise<void> | void): void {
    this.cleanups.push(cleanup);
  }

  /** Runs all cleanup steps, even if one of them fails. */
  async close(): Promise<void> {
    for (const cleanup of this.cleanups.splice(0).toReversed()) {
      await Promise.resolve()
        .then(cleanup)
        .catch((error: unknown) => this.run.print(`  ${this.part}: ${String(error)}`));
    }
  }
}
