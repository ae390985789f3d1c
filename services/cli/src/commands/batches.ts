import type { Command } from 'commander';
import { batchSchema } from '#libs/contracts';
import { momentOf } from '../output/words.js';
import { pathWith, type Runner, showList } from '../session.js';
import { positive, withExamples } from './arguments.js';
import { addBatchCreation } from './batch-create.js';
import { addBatchInputs } from './batch-inputs.js';
import { addBatchOrders } from './batch-orders.js';
import { addBatchRemoval } from './batch-removal.js';
import { addBatchResults } from './batch-results.js';
import { batchLines, batchStateWords } from './batch-words.js';
import { addBatchRetention } from './retention.js';

interface ListOptions {
  readonly state?: string;
  readonly query?: string;
  readonly archived?: boolean;
  readonly limit?: number;
}

/** `chowda batches`: media files on their way through a pipeline. */
export function addBatchCommands(program: Command, run: Runner): void {
  const batches = program
    .command('batches')
    .description('batches: create, list, show, estimate, start, watch, retry, download and more');
  addBatchCreation(batches, run);
  addBatchInputs(batches, run);
  withExamples(
    batches
      .command('list')
      .description('lists batches')
      .option('--state <state>', 'only those that are: draft, running or finished')
      .option('--query <text>', 'only those whose name has this')
      .option('--archived', 'those that are archived')
      .option('--limit <number>', 'at most so many', positive)
      .action(
        run<ListOptions>(async (session, _args, { limit, ...filter }) => {
          const path = pathWith('/api/batches', { ...filter });
          await showList(session, { path, limit, item: batchSchema, none: 'No batches: create one.' }, [
            { title: 'Id', of: ({ id }) => id },
            { title: 'Name', of: ({ name }) => name },
            { title: 'Pipeline', of: ({ pipeline: { name, version } }) => `${name} v${version}` },
            { title: 'Files', of: ({ files }) => files },
            { title: 'State', of: batchStateWords },
            { title: 'Failed', of: ({ summary }) => summary.runs.failed },
            { title: 'Created', of: ({ createdAt }) => momentOf(createdAt) },
          ]);
        }),
      ),
    'batches list --state running',
  );
  withExamples(
    batches
      .command('show')
      .argument('<batch>', 'id of the batch', positive)
      .description('shows how far a batch is')
      .action(
        run(async ({ api, output }, [id]) => {
          const answer = await api.get(`/api/batches/${id}`);
          await output.show(answer, batchSchema, (batch) => batchLines(batch, output.width));
        }),
      ),
    'batches show 12',
  );
  withExamples(
    batches
      .command('watch')
      .argument('<batch>', 'id of the batch', positive)
      .description('shows a batch live until it, or its trial, has ended; Ctrl-C leaves it running')
      .action(
        run(async (session, [id]) => {
          // Only now: the library for live connections would slow down every other command.
          const { watchBatch } = await import('../watch/watch-batch.js');
          return watchBatch(session, Number(id));
        }),
      ),
    'batches watch 12',
    'batches watch 12 && chowda batches download 12',
  );
  addBatchOrders(batches, run);
  addBatchResults(batches, run);
  addBatchRetention(batches, run);
  addBatchRemoval(batches, run);
}
