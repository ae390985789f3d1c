import { type ChildProcess, fork } from 'node:child_process';
import { type FromCallProcess, type ToCallProcess, TOO_MUCH_MEMORY } from './messages.js';

/** The process of an isolated call ended before its call did. */
export class CallProcessDied extends Error {
  override readonly name = 'CallProcessDied';
}

export interface CallProcessOptions {
  /** Built file of `isolated-call`. */
  readonly file: URL;
  /** Memory that the process may use, in MiB. */
  readonly memoryMib: number;
}

/** A child process for one isolated call. Its messages are read in order with `next`. */
export class CallProcess {
  private readonly child: ChildProcess;
  private readonly messages: FromCallProcess[] = [];
  private waiting: { resolve: (message: FromCallProcess) => void; reject: (error: Error) => void } | undefined;
  private death: CallProcessDied | undefined;

  constructor(private readonly options: CallProcessOptions) {
    this.child = fork(options.file, [String(options.memoryMib)], {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${options.memoryMib}`],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.child.on('message', (message: FromCallProcess) => this.receive(message));
    this.child.once('error', ({ message }) => this.died(message));
    // The channel closes after the last message was read, possibly later than the process has ended.
    const closed = new Promise((resolve) => this.child.once('disconnect', resolve));
    this.child.once('exit', (code, signal) => void closed.then(() => this.died(this.reason(code, signal))));
  }

  send(message: ToCallProcess): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  /** The next message; rejects with CallProcessDied when there will be none. */
  next(): Promise<FromCallProcess> {
    const message = this.messages.shift();
    if (message) return Promise.resolve(message);
    if (this.death) return Promise.reject(this.death);
    return new Promise((resolve, reject) => (this.waiting = { resolve, reject }));
  }

  /** Ends the process and closes its connections. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  private receive(message: FromCallProcess): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting) waiting.resolve(message);
    else this.messages.push(message);
  }

  private died(reason: string): void {
    this.death ??= new CallProcessDied(`The process of the isolated call ended: ${reason}.`);
    this.waiting?.reject(this.death);
    this.waiting = undefined;
  }

  private reason(code: number | null, signal: NodeJS.Signals | null): string {
    if (code === TOO_MUCH_MEMORY) return `it used more than ${this.options.memoryMib} MiB of memory`;
    // V8 ends a process whose heap is full with this signal.
    if (signal === 'SIGABRT') return `it probably used more than ${this.options.memoryMib} MiB of memory (SIGABRT)`;
    return signal === null ? `exit code ${code}` : `signal ${signal}`;
  }
}
