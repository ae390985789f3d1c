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
Chowda is found by CHOWDA_URL and CHOWDA_TOKEN; without them, the one of "npm start" on this machine is used.
Ends with 0 when all is done, 1 when something was not done or runs failed, 2 when the command was not
understood, 3 when Chowda is not reachable or refuses the token, 130 after Ctrl-C.

From a spreadsheet to a zip:
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

/** The whole command; `run` makes actions of what its parts do. */
export function chowdaProgram(run: Runner, output: Pick<OutputConfiguration, 'writeOut' | 'writeErr'>): Command {
  const program = new Command('chowda')
    .description('Runs archives of audio and video through pipelines of CLAMS apps.')
    .option('--json', "print exactly Chowda's answers; lists and watch as JSON lines")
    .option('--key <key>', 'repeat a command that may have been done: with the same key it is done once')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      ...output,
      outputError: (text, write) =>
        write(`${oneLine(text).replace(/^error: /, 'chowda: ')} ("--help" shows what there is)\n`),
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
