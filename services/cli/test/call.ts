import { PassThrough, Readable, Writable } from 'node:stream';
import type { ExitCode } from '../src/exit-codes.js';
import { runCli } from '../src/run-cli.js';

/** Exit code and output of a call of the command. */
export interface Called {
  readonly exitCode: ExitCode;
  readonly out: string;
  readonly err: string;
}

export interface CallOptions {
  readonly stdin?: string | Buffer;
  /** Width of the terminal; without it, the output is not a terminal. */
  readonly columns?: number;
  readonly signal?: AbortSignal;
  /** Called with each text that is written to standard output. */
  readonly onOut?: (text: string) => void;
}

class Collected extends Writable {
  readonly chunks: Buffer[] = [];
  readonly isTTY: boolean;

  constructor(
    readonly columns?: number,
    private readonly onChunk?: (text: string) => void,
  ) {
    super();
    this.isTTY = columns !== undefined;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk);
    this.onChunk?.(chunk.toString());
    done();
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }
}

/** A function that calls the command for one Chowda, in this process. */
export const callerOf =
  (url: string, token: string) =>
  async (args: readonly string[], options: CallOptions = {}): Promise<Called> => {
    const [stdout, stderr] = [new Collected(options.columns, options.onOut), new Collected()];
    const exitCode = await runCli(args, {
      stdin: options.stdin === undefined ? new PassThrough().end() : Readable.from([Buffer.from(options.stdin)]),
      stdout,
      stderr,
      environment: { CHOWDA_URL: url, CHOWDA_TOKEN: token },
      signal: options.signal ?? new AbortController().signal,
    });
    return { exitCode, out: stdout.text, err: stderr.text };
  };
