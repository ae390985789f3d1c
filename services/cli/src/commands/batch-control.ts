import type { Command } from 'commander';
import { batchSchema } from '#libs/contracts';
import { usageError } from '../exit-codes.js';
import type { Runner } from '../session.js';
import { showCommand } from './command-answer.js';
import { batchArgument, positive, stageOption, withExamples } from './options.js';
import { batchLines } from './batch-lines.js';

interface RetryOptions {
  readonly group?: string;
  readonly app?: string;
  readonly stage?: number;
  readonly cancelled?: boolean;
  readonly dryRun?: boolean;
}

interface SetOptions {
  readonly name?: string;
  readonly weight?: number;
}

const CONTROLS = {
  pause: 'stops sending files of a batch to the apps; stages in progress finish',
  cancel: 'cancels the unfinished runs of a batch; results are kept',
} as const;

/** Commands that start, stop, retry or rename a batch. */
export function addBatchControl(batches: Command, run: Runner): void {
  withExamples(
    batches
      .command('start')
      .addArgument(batchArgument())
      .description('starts a batch, or continues it after its trial; safe to repeat')
      .option('--trial <number>', 'start with a trial of this many files; start the batch again for the rest', positive)
      .action(
        run<{ trial?: number }>(async ({ api, output }, [id], { trial }) => {
          const answer = await api.send('POST', `/api/batches/${id}/start`, { json: { trial } });
          await output.show(answer, batchSchema, ({ summary, warnings = [] }) => [
            answer.status === 200 ? `${summary.sentence} (already started)` : `Batch ${id} is started.`,
            ...warnings.map((warning) => `Warning: ${warning}`),
          ]);
        }),
      ),
    'batches start 12 --trial 10',
    'batches start 12',
  );
  for (const [verb, description] of Object.entries(CONTROLS))
    withExamples(
      batches
        .command(verb)
        .addArgument(batchArgument())
        .description(description)
        .action(
          run(async (session, [id]) =>
            showCommand(session, await session.api.send('POST', `/api/batches/${id}/${verb}`)),
          ),
        ),
      `batches ${verb} 12`,
    );
  addHold(batches, run);
  addRetry(batches, run);
  addEditing(batches, run);
}

function addHold(batches: Command, run: Runner): void {
  withExamples(
    batches
      .command('hold')
      .addArgument(batchArgument())
      .description('holds a batch at a stage: no file of it starts this stage')
      .addOption(stageOption('to hold').makeOptionMandatory())
      .option('--why <reason>', 'reason that other people see')
      .action(
        run<{ stage: number; why?: string }>(async (session, [id], { stage, why }) =>
          showCommand(session, await session.api.send('POST', `/api/batches/${id}/hold`, { json: { stage, why } })),
        ),
      ),
    'batches hold 12 --stage 1 --why "Wrong parameters"',
  );
  withExamples(
    batches
      .command('resume')
      .addArgument(batchArgument())
      .description('resumes a paused batch, or a batch that is held at a stage')
      .addOption(stageOption('at which the batch is held'))
      .action(
        run<{ stage?: number }>(async (session, [id], { stage }) =>
          showCommand(
            session,
            await session.api.send(
              'POST',
              `/api/batches/${id}/resume`,
              stage === undefined ? undefined : { json: { stage } },
            ),
          ),
        ),
      ),
    'batches resume 12',
    'batches resume 12 --stage 1',
  );
}

function addRetry(batches: Command, run: Runner): void {
  withExamples(
    batches
      .command('retry')
      .addArgument(batchArgument())
      .description('retries the failed runs of a batch, each from its failed stage')
      .option('--group <fingerprint>', 'only runs of this error group, as "chowda errors" shows it')
      .option('--app <slug>', 'only runs that failed at this app')
      .addOption(stageOption('to start from', 'the stage at which each run failed'))
      .option('--cancelled', 'retry the cancelled runs instead of the failed ones')
      .option('--dry-run', 'only show which runs would be retried, and from which stage')
      .action(
        run<RetryOptions>(async (session, [id], { group, cancelled, ...rest }) => {
          const json = { ...rest, fingerprint: group, runs: cancelled ? 'cancelled' : undefined };
          return showCommand(session, await session.api.send('POST', `/api/batches/${id}/retry`, { json }));
        }),
      ),
    'batches retry 12 --dry-run',
    'batches retry 12 --app chowda-text_v1-0',
    'batches retry 12 --stage 0',
  );
}

function addEditing(batches: Command, run: Runner): void {
  withExamples(
    batches
      .command('set')
      .addArgument(batchArgument())
      .description('changes the name of a batch or its share of app capacity; takes effect immediately')
      .option('--name <name>', 'new name')
      .option('--weight <number>', 'share of app capacity; the default is 100', positive)
      .action(
        run<SetOptions>(async ({ api, output }, [id], { name, weight }) => {
          if (name === undefined && weight === undefined)
            throw usageError('Nothing to change. Use --name or --weight.');
          const answer = await api.send('PATCH', `/api/batches/${id}`, { json: { name, weight } });
          await output.show(answer, batchSchema, (batch) => batchLines(batch, output.width));
        }),
      ),
    'batches set 12 --weight 300',
  );
  withExamples(
    batches
      .command('archive')
      .addArgument(batchArgument())
      .description('hides a batch from the list; the batch must not be running')
      .option('--undo', 'show it in the list again')
      .action(
        run<{ undo?: boolean }>(async ({ api, output }, [id], { undo = false }) => {
          const answer = await api.send('PATCH', `/api/batches/${id}`, { json: { archived: !undo } });
          await output.show(answer, batchSchema, (batch) => batchLines(batch, output.width));
        }),
      ),
    'batches archive 12',
  );
}
