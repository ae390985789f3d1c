import type { Command } from 'commander';
import { batchSchema } from '#libs/contracts';
import { usageError } from '../exit-codes.js';
import type { Runner } from '../session.js';
import { showCommand } from './answers.js';
import { natural, positive, withExamples } from './arguments.js';
import { batchLines } from './batch-words.js';

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

const ORDERS = {
  pause: 'hands no more of a batch to the apps; what runs is finished',
  resume: 'lets a paused batch go on',
  cancel: 'ends a batch; what is done stays',
} as const;

/** What people do to a batch. */
export function addBatchOrders(batches: Command, run: Runner): void {
  withExamples(
    batches
      .command('start')
      .argument('<batch>', 'id of the batch', positive)
      .description('starts a batch, or lets it go on after its trial; twice is once')
      .option('--trial <number>', 'only the first so many files; start it again for the others', positive)
      .action(
        run<{ trial?: number }>(async ({ api, output }, [id], { trial }) => {
          const answer = await api.send('POST', `/api/batches/${id}/start`, { json: { trial } });
          await output.show(answer, batchSchema, ({ summary, warnings = [] }) => [
            answer.status === 200 ? `${summary.sentence} (it was started before)` : `Batch ${id} is started.`,
            ...warnings.map((warning) => `Warning: ${warning}`),
          ]);
        }),
      ),
    'batches start 12 --trial 10',
    'batches start 12',
  );
  for (const [verb, description] of Object.entries(ORDERS))
    withExamples(
      batches
        .command(verb)
        .argument('<batch>', 'id of the batch', positive)
        .description(description)
        .action(
          run(async (session, [id]) =>
            showCommand(session, await session.api.send('POST', `/api/batches/${id}/${verb}`)),
          ),
        ),
      `batches ${verb} 12`,
    );
  addRetry(batches, run);
  addEditing(batches, run);
}

function addRetry(batches: Command, run: Runner): void {
  withExamples(
    batches
      .command('retry')
      .argument('<batch>', 'id of the batch', positive)
      .description('runs the failed runs of a batch again, each from the stage at which it failed')
      .option('--group <fingerprint>', 'only those of one error group, as "chowda errors" shows it')
      .option('--app <slug>', 'only those that failed at this app')
      .option('--stage <index>', 'from this stage on, counted from 0', natural)
      .option('--cancelled', 'those that were cancelled, instead of the failed ones')
      .option('--dry-run', 'only say how many, and from where')
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
      .argument('<batch>', 'id of the batch', positive)
      .description('changes the name of a batch, or its share of the apps, which counts at once')
      .option('--name <name>', 'another name')
      .option('--weight <number>', 'its share of the apps; 100 is usual', positive)
      .action(
        run<SetOptions>(async ({ api, output }, [id], { name, weight }) => {
          if (name === undefined && weight === undefined)
            throw usageError('Say what is to change: --name or --weight.');
          const answer = await api.send('PATCH', `/api/batches/${id}`, { json: { name, weight } });
          await output.show(answer, batchSchema, (batch) => batchLines(batch, output.width));
        }),
      ),
    'batches set 12 --weight 300',
  );
  withExamples(
    batches
      .command('archive')
      .argument('<batch>', 'id of the batch', positive)
      .description('takes a batch that does not run out of the list')
      .option('--undo', 'bring it back')
      .action(
        run<{ undo?: boolean }>(async ({ api, output }, [id], { undo = false }) => {
          const answer = await api.send('PATCH', `/api/batches/${id}`, { json: { archived: !undo } });
          await output.show(answer, batchSchema, (batch) => batchLines(batch, output.width));
        }),
      ),
    'batches archive 12',
  );
}
