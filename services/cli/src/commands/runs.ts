import type { Command } from 'commander';
import { attemptSchema, runRowSchema, runSchema } from '#libs/contracts';
import { durationOf, momentOf } from '../output/words.js';
import { pathWith, type Runner, showList } from '../session.js';
import { showCommand } from './answers.js';
import { natural, positive, withExamples } from './arguments.js';
import { download, type DownloadOptions, withDownloadOptions } from './download.js';
import { runLines } from './run-words.js';

interface ListOptions {
  readonly state?: string;
  readonly stage?: number;
  readonly mark?: string;
  readonly group?: string;
  readonly query?: string;
  readonly limit?: number;
}

interface RetryOptions {
  readonly stage?: number;
  readonly dryRun?: boolean;
}

interface RunDownloadOptions extends DownloadOptions {
  readonly format: string;
  readonly stage?: number;
}

/** `chowda runs`: one media file of one batch. */
export function addRunCommands(program: Command, run: Runner): void {
  const runs = program
    .command('runs')
    .description('runs, each one media file of one batch: list, show, attempts, retry, cancel, download');
  addReading(runs, run);
  addOrders(runs, run);
  withExamples(
    withDownloadOptions(runs.command('download').argument('<run>', 'id of the run', positive))
      .description('saves what a run has given')
      .option('--format <format>', 'mmif, vtt, srt, txt, csv or jsonl', 'mmif')
      .option('--stage <index>', 'of this stage, counted from 0; default: the last one', natural)
      .action(
        run<RunDownloadOptions>((session, [id], { format, stage, ...target }) => {
          const path = pathWith(`/api/runs/${id}/export`, { format, stage });
          return download(session, path, { ...target, fallback: `run-${id}.${format}` });
        }),
      ),
    'runs download 4567 --format vtt',
    'runs download 4567 --stage 0 -o - | jq .metadata',
  );
}

function addReading(runs: Command, run: Runner): void {
  withExamples(
    runs
      .command('list')
      .argument('<batch>', 'id of the batch', positive)
      .description('lists the runs of a batch, in the order of its files')
      .option('--state <state>', 'only those in this state: waiting, running, done, failed, cancelled, retrying ...')
      .option('--stage <index>', 'the stage that the other options are about, counted from 0', natural)
      .option('--mark <mark>', 'only those to look at: warnings, empty or partial')
      .option('--group <fingerprint>', 'only those of an error group, as "chowda errors" shows it')
      .option('--query <text>', 'only those whose GUID or title has this')
      .option('--limit <number>', 'at most so many', positive)
      .action(
        run<ListOptions>(async (session, [id], { group, limit, ...filter }) => {
          const path = pathWith(`/api/batches/${id}/runs`, { ...filter, fingerprint: group });
          await showList(session, { path, limit, item: runRowSchema, none: 'No such runs.' }, [
            { title: 'Run', of: (row) => row.id },
            { title: 'GUID', of: ({ guid }) => guid },
            { title: 'State', of: ({ state }) => state },
            { title: 'Stages', of: ({ stages }) => stages.join(' ') },
            { title: 'Why', of: ({ sentence }) => sentence },
          ]);
        }),
      ),
    'runs list 12 --state failed',
    'runs list 12 --mark partial --json | jq -r .guid',
  );
  withExamples(
    runs
      .command('show')
      .argument('<run>', 'id of the run', positive)
      .description('shows every stage of a run, with the reason when one failed')
      .option('--trace', "with the apps' stack traces")
      .action(
        run<{ trace?: boolean }>(async ({ api, output }, [id], { trace = false }) => {
          await output.show(await api.get(`/api/runs/${id}`), runSchema, (found) => runLines(found, trace));
        }),
      ),
    'runs show 4567 --trace',
  );
  withExamples(
    runs
      .command('attempts')
      .argument('<run>', 'id of the run', positive)
      .description('lists every try of every stage, newest first')
      .action(
        run(async (session, [id]) => {
          const path = `/api/runs/${id}/attempts`;
          await showList(session, { path, item: attemptSchema, none: 'Nothing was tried yet.' }, [
            { title: 'Stage', of: ({ index }) => index },
            { title: 'App', of: ({ app }) => app },
            { title: 'Ended', of: ({ settledAt }) => momentOf(settledAt) },
            { title: 'Took', of: ({ seconds }) => (seconds === null ? null : durationOf(seconds)) },
            { title: 'State', of: ({ state, current }) => (current ? state : `${state}, replaced`) },
            { title: 'Why', of: ({ sentence }) => sentence },
          ]);
        }),
      ),
    'runs attempts 4567',
  );
}

function addOrders(runs: Command, run: Runner): void {
  withExamples(
    runs
      .command('retry')
      .argument('<run>', 'id of the run', positive)
      .description('runs a run again that has ended')
      .option('--stage <index>', 'from this stage on, counted from 0; default: the one at which it ended', natural)
      .option('--dry-run', 'only say what would be done')
      .action(
        run<RetryOptions>(async (session, [id], { stage, dryRun }) =>
          showCommand(session, await session.api.send('POST', `/api/runs/${id}/retry`, { json: { stage, dryRun } })),
        ),
      ),
    'runs retry 4567 --dry-run',
    'runs retry 4567 --stage 0',
  );
  withExamples(
    runs
      .command('cancel')
      .argument('<run>', 'id of the run', positive)
      .description('ends one run; the others of its batch go on')
      .action(
        run(async (session, [id]) => showCommand(session, await session.api.send('POST', `/api/runs/${id}/cancel`))),
      ),
    'runs cancel 4567',
  );
}
