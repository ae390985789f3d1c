/** Exit codes of the command. */
export const EXIT = {
  /** The command succeeded. */
  done: 0,
  /** Something was not done, or runs failed; standard output or standard error states what. */
  failures: 1,
  /** The command line or an input file is not valid; no request was sent. */
  usage: 2,
  /** Chowda is not reachable or rejects the token. */
  unreachable: 3,
  /** Ctrl-C. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An expected error; the message states what happened and what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.failures,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export const usageError = (message: string): CliError => new CliError(message, EXIT.usage);
