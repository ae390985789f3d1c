import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '#deploy/local';

const PROGRAM = join(repositoryRoot, 'dist', 'deploy', 'mutants', 'src', 'processes', 'spec-runner.js');
/** Runs after which the process is replaced, because it keeps every module that it has loaded. */
const MAX_RUNS = 60;

/** How a spec ended: null when it passed. */
export interface SpecResult {
  readonly failed: string | null;
  readonly ms: number;
}

/** A process that runs bundled specs one at a time; one that exceeds its limit is killed and counts as failed. */
export class SpecProcess {
  #child: ChildProcess | null = null;
  #runs = 0;

  async run(bundle: string, limitMs: number): Promise<SpecResult> {
    if (this.#runs >= MAX_RUNS) this.stop();
    this.#child ??= fork(PROGRAM, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.#runs += 1;
    const child = this.#child;
    return new Promise((resolve) => {
      const end = (result: SpecResult) => {
        clearTimeout(timer);
        child.removeAllListeners();
        resolve(result);
      };
      const timer = setTimeout(() => {
        this.stop();
        end({ failed: `It ran longer than ${limitMs} ms.`, ms: limitMs });
      }, limitMs);
      child.once('message', (result) => end(result as SpecResult));
      child.once('exit', () => {
        this.stop();
        end({ failed: 'The process ended.', ms: 0 });
      });
      child.send({ bundle });
    });
  }

  stop(): void {
    this.#child?.kill('SIGKILL');
    this.#child = null;
    this.#runs = 0;
  }
}
