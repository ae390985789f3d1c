import { Command, type OutputConfiguration } from 'commander';
import { addActionCommands } from './commands/actions.js';
import { addAppCommands } from './commands/apps.js';
import { addBatchCommands } from './commands/batches.js';
import { addCollectionCommands } from './commands/collections.js';
import { addErrorCommands } from './commands/errors.js';
import { addExplainCommands } from './commands/explain.js';
import { addMediaCommands } from './commands/media.js';
import { addPipelineCommands } from './commands/pipelines.js';
import { addRetentionCommands } from './commands/retention.js';
import { addRunCommands } from './commands/runs.js';
import { oneLine } from './output/clean.js';
import type { Runner } from './session.js';

const ENDING = `
CHOWDA_URL and CHOWDA_TOKEN select the Chowda to use; default: the one that "npm start" runs on this machine.
Exit codes: 0 success; 1 something was not done, or runs failed; 2 the command or a file of it is not valid;
3 Chowda is not reachable or rejects the token; 130 Ctrl-C.

From a spreadsheet to a zip file:
  chowda media import tapes.csv --dry-run
  chowda media import tapes.csv
  chowda collections create "Evening news" --import 1
  chowda pipelines create text.yaml
  chowda batches create "Evening news" --pipeline Text --collection "Evening news"
  chowda batches estimate 1
  chowda batches start 1 --trial 10
  chowda batches watch 1
  chowda batches start 1
  chowda errors 1
  chowda batches retry 1
  chowda batches download 1`;

/** The whole command; `run` turns the work of each subcommand into an action. */
export function chowdaProgram(run: Runner, output: Pick<OutputConfiguration, 'writeOut' | 'writeErr'>): Command {
  const program = new Command('chowda')
    .description('Processes audio and video archives with pipelines of CLAMS apps.')
    .option('--json', 'print the JSON responses of Chowda; lists and "watch" print one JSON object per line')
    .option('--key <key>', 'idempotency key: a command that is repeated with the same key takes effect once')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      ...output,
      outputError: (text, write) =>
        write(`${oneLine(text).replace(/^error: /, 'chowda: ')} ("--help" shows the usage)\n`),
    })
    .addHelpText('after', ENDING);
  addMediaCommands(program, run);
  addCollectionCommands(program, run);
  addAppCommands(program, run);
  addPipelineCommands(program, run);
  addBatchCommands(program, run);
  addRunCommands(program, run);
  addErrorCommands(program, run);
  addExplainCommands(program, run);
  addRetentionCommands(program, run);
  addActionCommands(program, run);
  return program;
}
