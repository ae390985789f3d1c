import { CommanderError } from 'commander';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Readable } from 'node:stream';
import { ConfigError, loadConfig } from '#libs/runtime';
import { cliConfigSchema } from './cli.config.js';
import { Api } from './connection/api.js';
import { chooseServer, readLocalStart } from './connection/find-server.js';
import { CliError, EXIT, type ExitCode } from './exit-codes.js';
import { oneLine } from './output/clean.js';
import { Output, type Sink } from './output/output.js';
import { chowdaProgram } from './program.js';
import { calledCommand, type GlobalOptions, type Runner, type Session } from './session.js';

/** The world around one call of the command. */
export interface World {
  readonly stdin: Readable;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Environment variables; by default those of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Runs one command to its end, and returns its exit code; every error becomes one line on standard error. */
export async function runCli(args: readonly string[], world: World): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const run: Runner =
    (work) =>
    async (...given) => {
      const command = calledCommand(given);
      const session = await openSession(command.optsWithGlobals<GlobalOptions>(), world);
      exitCode = (await work(session, command.args, command.opts<never>())) ?? EXIT.done;
    };
  const program = chowdaProgram(run, {
    writeOut: (text) => world.stdout.write(text),
    writeErr: (text) => world.stderr.write(text),
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    return endOf(error, world);
  }
}

function endOf(error: unknown, { stderr, signal }: World): ExitCode {
  // Commander has written what there is to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (signal.aborted) return EXIT.interrupted;
  // Whoever read the output has read enough.
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') return EXIT.done;
  const message = error instanceof Error ? error.message : String(error);
  stderr.write(`chowda: ${oneLine(message)}\n`);
  if (error instanceof CliError) return error.exitCode;
  return error instanceof ConfigError ? EXIT.usage : EXIT.failures;
}

async function openSession(options: GlobalOptions, world: World): Promise<Session> {
  const { stdin, stdout, stderr, environment, signal } = world;
  const output = new Output(stdout, stderr, options.json ?? false);
  const config = loadConfig(cliConfigSchema, environment);
  const server = chooseServer(config, await readLocalStart(config, repositoryFolder()));
  const onTrouble = (sentence: string) => output.warn(sentence);
  return { api: new Api(server, { key: options.key, signal, onTrouble }), output, stdin, signal };
}

/** The repository this program lies in: built code lies one level deeper than its source. */
function repositoryFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'nest-cli.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
