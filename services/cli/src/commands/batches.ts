import type { Command } from 'commander';
import { pathWith } from '../connection/paths.js';
import { batchSchema } from '#libs/contracts';
import { formatTime } from '../output/format.js';
import { type Runner, showList } from '../session.js';
import { batchArgument, limitOption, withExamples } from './options.js';
import { addBatchCreation } from './batch-create.js';
import { addBatchDocuments } from './batch-documents.js';
import { addBatchControl } from './batch-control.js';
import { addBatchRemoval } from './batch-removal.js';
import { addBatchResults } from './batch-results.js';
import { batchLines, batchStateLabel } from './batch-lines.js';
import { addBatchRetention } from './retention.js';

interface ListOptions {
  readonly state?: string;
  readonly query?: string;
  readonly archived?: boolean;
  readonly limit?: number;
}

/** `chowda batches`: sets of media files that a pipeline processes. */
export function addBatchCommands(program: Command, run: Runner): void {
  const batches = program
    .command('batches')
    .description('batches: create, list, show, estimate, start, watch, retry, download and more');
  addBatchCreation(batches, run);
  addBatchDocuments(batches, run);
  withExamples(
    batches
      .command('list')
      .description('lists batches')
      .option('--state <state>', 'only batches in this state: draft, running or finished')
      .option('--query <text>', 'only batches whose name contains this text')
      .option('--archived', 'list the archived batches instead')
      .addOption(limitOption())
      .action(
        run<ListOptions>(async (session, _args, { limit, ...filter }) => {
          const path = pathWith('/api/batches', { ...filter });
          await showList(
            session,
            { path, limit, item: batchSchema, none: 'No batches. "chowda batches create" creates one.' },
            [
              { title: 'ID', of: ({ id }) => id },
              { title: 'Name', of: ({ name }) => name },
              { title: 'Pipeline', of: ({ pipeline: { name, version } }) => `${name} v${version}` },
              { title: 'Files', of: ({ files }) => files },
              { title: 'State', of: batchStateLabel },
              { title: 'Failed', of: ({ summary }) => summary.runs.failed },
              { title: 'Created', of: ({ createdAt }) => formatTime(createdAt) },
              { title: 'Waits because', of: ({ summary }) => summary.blocked?.reason ?? null },
            ],
          );
        }),
      ),
    'batches list --state running',
  );
  withExamples(
    batches
      .command('show')
      .addArgument(batchArgument())
      .description('shows the progress of a batch')
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
      .addArgument(batchArgument())
      .description('shows a batch live until the batch or its trial has finished; Ctrl-C stops watching, not the batch')
      .action(
        run(async (session, [id]) => {
          // Imported here, because loading the Socket.IO client would slow down every other command.
          const { watchBatch } = await import('../watch/watch-batch.js');
          return watchBatch(session, Number(id));
        }),
      ),
    'batches watch 12',
    'batches watch 12 && chowda batches download 12',
  );
  addBatchControl(batches, run);
  addBatchResults(batches, run);
  addBatchRetention(batches, run);
  addBatchRemoval(batches, run);
}
