import type { Command } from 'commander';
import { batchSchema, type BatchView } from '#libs/contracts';
import { EXIT } from '../exit-codes.js';
import { fieldLines } from '../output/table.js';
import { momentOf } from '../output/words.js';
import { type Runner, showList } from '../session.js';
import { barLine, stageBars } from '../watch/stage-bar.js';
import { watchBatch } from '../watch/watch-batch.js';
import { showCommand } from './answers.js';
import { positive, withExamples } from './arguments.js';

interface CreateOptions {
  readonly pipeline: string;
  readonly files?: string[];
}

interface RetryOptions {
  readonly group?: string;
  readonly app?: string;
  readonly dryRun?: boolean;
}

/** `chowda batches`: media files on their way through a pipeline. */
export function addBatchCommands(program: Command, run: Runner): void {
  const batches = program.command('batches').description('batches: create, list, show, start, watch, retry and more');
  addDefinition(batches, run);
  addOrders(batches, run);
  withExamples(
    batches
      .command('watch')
      .argument('<batch>', 'id of the batch', positive)
      .description('shows a batch live until it has ended; Ctrl-C leaves it running')
      .action(run((session, [id]) => watchBatch(session, Number(id)))),
    'batches watch 12',
    'batches watch 12 && chowda batches download 12',
  );
  withExamples(
    batches
      .command('retry')
      .argument('<batch>', 'id of the batch', positive)
      .description('runs the failed runs of a batch again, each from the stage at which it failed')
      .option('--group <fingerprint>', 'only those of one error group, as "chowda errors" shows it')
      .option('--app <slug>', 'only those that failed at this app')
      .option('--dry-run', 'only say how many, and from where')
      .action(
        run<RetryOptions>(async (session, [id], { group, app, dryRun }) => {
          const json = { fingerprint: group, app, dryRun };
          return showCommand(session, await session.api.send('POST', `/api/batches/${id}/retry`, { json }));
        }),
      ),
    'batches retry 12 --dry-run',
    'batches retry 12 --app chowda-text_v1-0',
  );
}

function addDefinition(batches: Command, run: Runner): void {
  withExamples(
    batches
      .command('create')
      .argument('<name>', 'name of the batch')
      .description('makes a batch of media files and a pipeline; it is not started')
      .requiredOption('--pipeline <name>', 'the pipeline')
      .option('--files <guid...>', 'GUIDs of the media files')
      .action(
        run<CreateOptions>(async ({ api, output }, [name], { pipeline, files }) => {
          const answer = await api.send('POST', '/api/batches', { json: { name, pipeline, files } });
          await output.show(answer, batchSchema, ({ summary }) => [summary.sentence]);
        }),
      ),
    'batches create "Evening news" --pipeline Text --files cpb-aacip-507-sample0001 cpb-aacip-507-sample0003',
  );
  withExamples(
    batches
      .command('list')
      .description('lists batches, newest first')
      .option('--limit <number>', 'at most so many', positive)
      .action(
        run<{ limit?: number }>(async (session, _args, { limit }) => {
          await showList(session, { path: '/api/batches', limit, item: batchSchema, none: 'No batches: create one.' }, [
            { title: 'Id', of: ({ id }) => id },
            { title: 'Name', of: ({ name }) => name },
            { title: 'Pipeline', of: ({ pipeline: { name, version } }) => `${name} v${version}` },
            { title: 'Files', of: ({ files }) => files },
            { title: 'State', of: stateOf },
            { title: 'Failed', of: ({ summary }) => summary.runs.failed },
            { title: 'Created', of: ({ createdAt }) => momentOf(createdAt) },
          ]);
        }),
      ),
    'batches list',
  );
  withExamples(
    batches
      .command('show')
      .argument('<batch>', 'id of the batch', positive)
      .description('shows how far a batch is')
      .action(
        run(async ({ api, output }, [id]) => {
          await output.show(await api.get(`/api/batches/${id}`), batchSchema, (batch) =>
            batchLines(batch, output.width),
          );
        }),
      ),
    'batches show 12',
  );
}

const ORDERS = {
  pause: 'hands no more of a batch to the apps; what runs is finished',
  resume: 'lets a paused batch go on',
  cancel: 'ends a batch; what is done stays',
} as const;

function addOrders(batches: Command, run: Runner): void {
  withExamples(
    batches
      .command('start')
      .argument('<batch>', 'id of the batch', positive)
      .description('starts a batch; one that was started before stays as it is')
      .action(
        run(async ({ api, output }, [id]) => {
          const answer = await api.send('POST', `/api/batches/${id}/start`, { json: {} });
          await output.show(answer, batchSchema, ({ summary }) => [
            answer.status === 200 ? `${summary.sentence} (it was started before)` : `Batch ${id} is started.`,
          ]);
          return EXIT.done;
        }),
      ),
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
}

const stateOf = ({ summary }: BatchView): string => (summary.paused ? 'paused' : summary.state);

const NAME_WIDTH = 20;

function batchLines(batch: BatchView, width: number): string[] {
  const { summary } = batch;
  return [
    summary.sentence,
    ...fieldLines([
      ['Name', batch.name],
      ['Pipeline', `${batch.pipeline.name}, version ${batch.pipeline.version}`],
      ['Files', batch.files],
      ['Created', `${momentOf(batch.createdAt)} by ${batch.createdBy}`],
      ['Started', momentOf(batch.startedAt)],
      ['Finished', momentOf(batch.finishedAt)],
      ['Paused', summary.paused ? `${momentOf(summary.paused.at)} by ${summary.paused.by}` : null],
    ]),
    ...stageBars(summary).map((bar) => barLine(bar, NAME_WIDTH, width)),
  ];
}
