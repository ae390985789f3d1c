import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type NatsProgram, type RunningProcess, withProgress } from '#deploy/local';

const LAST_LOG_CHARACTERS = 600;

/** What every part of one run of the bench shares. */
export interface BenchRun {
  /** Small sizes: shows that it runs. */
  readonly quick: boolean;
  /** Absolute folder for servers and logs, removed after the run. */
  readonly folder: string;
  readonly natsProgram: NatsProgram;
  readonly print: (sentence: string) => void;
  /** Aborted when the user stops the bench. */
  readonly signal: AbortSignal;
}

/** Where one part of the bench works: it keeps processes, tells about slow steps, and cleans up at the end. */
export class Workbench {
  readonly logFolder: string;
  private readonly endings: (() => Promise<void> | void)[] = [];
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

  /** A folder of this part's own. */
  folder(name: string): string {
    return join(this.run.folder, `${this.part}-${name}`);
  }

  /** Does a step and tells about it when it is slow. Throws as soon as a kept process ends by itself. */
  step<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
    const print = (sentence: string) => this.run.print(`  ${this.part}: ${sentence}`);
    return withProgress(what, print, Promise.race([work(), this.failure]));
  }

  /** Stops a process at the end; its end before that fails the part, with the last lines of its log. */
  keep<Kept extends RunningProcess>(logName: string, process: Kept): Kept {
    let isWanted = true;
    this.defer(async () => {
      isWanted = false;
      await process.stop();
    });
    void process.exited.then(async (reason) => {
      if (!isWanted) return;
      const log = await readFile(join(this.logFolder, `${logName}.log`), 'utf8').catch(() => '');
      this.fail(new Error(`${logName} ended (${reason}): ${log.trim().slice(-LAST_LOG_CHARACTERS)}`));
    });
    return process;
  }

  /** Adds what has to be done at the end; the last added is done first. */
  defer(ending: () => Promise<void> | void): void {
    this.endings.push(ending);
  }

  /** Ends what was begun, all of it even when something of it fails. */
  async close(): Promise<void> {
    for (const ending of this.endings.splice(0).toReversed()) {
      await Promise.resolve()
        .then(ending)
        .catch((error: unknown) => this.run.print(`  ${this.part}: ${String(error)}`));
    }
  }
}
