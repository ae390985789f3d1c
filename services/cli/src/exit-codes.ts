/** How the command ends. */
export const EXIT = {
  /** Everything asked for was done. */
  done: 0,
  /** Something was not done, or runs failed: standard output or error says what. */
  failures: 1,
  /** The command was not understood; nothing was asked of Chowda. */
  usage: 2,
  /** Chowda is not reachable, or does not know the token. */
  unreachable: 3,
  /** Ctrl-C. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An end that is foreseen: one sentence that says what to do. */
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
