import { CommanderError } from 'commander';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Readable } from 'node:stream';
import { ConfigError, loadConfig } from '#libs/runtime';
import { cliConfigSchema } from './cli.config.js';
import { Api } from './connection/api.js';
import { chooseServer, readLocalServer } from './connection/find-server.js';
import { CliError, EXIT, type ExitCode } from './exit-codes.js';
import { oneLine } from './output/clean.js';
import { Output, type Sink } from './output/output.js';
import { chowdaProgram } from './program.js';
import { calledCommand, type GlobalOptions, type Runner, type Session } from './session.js';

/** Streams, environment and interruption of one call of the command. */
export interface CliIo {
  readonly stdin: Readable;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Environment variables; default: those of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Runs one command and returns its exit code; every error becomes one line on standard error. */
export async function runCli(args: readonly string[], io: CliIo): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const run: Runner =
    (work) =>
    async (...given) => {
      const command = calledCommand(given);
      const session = await openSession(command.optsWithGlobals<GlobalOptions>(), io);
      exitCode = (await work(session, command.args, command.opts<never>())) ?? EXIT.done;
    };
  const program = chowdaProgram(run, {
    writeOut: (text) => io.stdout.write(text),
    writeErr: (text) => io.stderr.write(text),
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    return exitCodeOf(error, io);
  }
}

function exitCodeOf(error: unknown, { stderr, signal }: CliIo): ExitCode {
  // Commander has already written the message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (signal.aborted) return EXIT.interrupted;
  // The reader of a pipe has closed it, as `head` does.
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') return EXIT.done;
  const message = error instanceof Error ? error.message : String(error);
  stderr.write(`chowda: ${oneLine(message)}\n`);
  if (error instanceof CliError) return error.exitCode;
  return error instanceof ConfigError ? EXIT.usage : EXIT.failures;
}

async function openSession(options: GlobalOptions, io: CliIo): Promise<Session> {
  const { stdin, stdout, stderr, environment, signal } = io;
  const output = new Output(stdout, stderr, options.json ?? false);
  const config = loadConfig(cliConfigSchema, environment);
  const server = chooseServer(config, await readLocalServer(config, repositoryFolder()));
  const onRetry = (sentence: string) => output.warn(sentence);
  return { api: new Api(server, { key: options.key, signal, onRetry }), output, stdin, signal };
}

/** The folder of the repository. Built code is one level deeper than its source, so the depth is not fixed. */
function repositoryFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'nest-cli.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
