import type { Command } from 'commander';
import { pathWith } from '../connection/paths.js';
import { attemptSchema, runRowSchema, runSchema } from '#libs/contracts';
import { formatDuration, formatTime } from '../output/format.js';
import { type Runner, showList } from '../session.js';
import { showCommand } from './command-answer.js';
import { batchArgument, limitOption, runArgument, stageOption, withExamples } from './options.js';
import { download, type DownloadOptions, withDownloadOptions } from './download.js';
import { runLines } from './run-lines.js';

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

/** `chowda runs`: the runs of a batch; each processes one media file. */
export function addRunCommands(program: Command, run: Runner): void {
  const runs = program
    .command('runs')
    .description('runs, one for each media file of a batch: list, show, attempts, retry, cancel, download');
  addReading(runs, run);
  addControl(runs, run);
  withExamples(
    withDownloadOptions(runs.command('download').addArgument(runArgument()))
      .description('downloads the result of a run')
      .option('--format <format>', 'mmif, vtt, srt, txt, csv or jsonl', 'mmif')
      .addOption(stageOption('whose result to download', 'the last stage'))
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
      .addArgument(batchArgument())
      .description('lists the runs of a batch, in the order of its files')
      .option('--state <state>', 'only runs in this state: waiting, running, done, failed, cancelled, retrying ...')
      .addOption(stageOption('to which the other options apply'))
      .option('--mark <mark>', 'only runs with this mark: warnings, empty or partial')
      .option('--group <fingerprint>', 'only runs of this error group, as "chowda errors" shows it')
      .option('--query <text>', 'only runs whose GUID or title contains this text')
      .addOption(limitOption())
      .action(
        run<ListOptions>(async (session, [id], { group, limit, ...filter }) => {
          const path = pathWith(`/api/batches/${id}/runs`, { ...filter, fingerprint: group });
          await showList(session, { path, limit, item: runRowSchema, none: 'No matching runs.' }, [
            { title: 'Run', of: (row) => row.id },
            { title: 'GUID', of: ({ guid }) => guid },
            { title: 'State', of: ({ state }) => state },
            { title: 'Stages', of: ({ stages }) => stages.join(' ') },
            { title: 'Reason', of: ({ sentence }) => sentence },
          ]);
        }),
      ),
    'runs list 12 --state failed',
    'runs list 12 --mark partial --json | jq -r .guid',
  );
  withExamples(
    runs
      .command('show')
      .addArgument(runArgument())
      .description('shows every stage of a run, with the reason if one failed')
      .option('--trace', 'include the stack traces of the apps')
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
      .addArgument(runArgument())
      .description('lists every attempt of every stage, newest first')
      .action(
        run(async (session, [id]) => {
          const path = `/api/runs/${id}/attempts`;
          await showList(session, { path, item: attemptSchema, none: 'No attempts yet.' }, [
            { title: 'Stage', of: ({ index }) => index },
            { title: 'App', of: ({ app }) => app },
            { title: 'Finished', of: ({ settledAt }) => formatTime(settledAt) },
            { title: 'Duration', of: ({ seconds }) => (seconds === null ? null : formatDuration(seconds)) },
            { title: 'State', of: ({ state, current }) => (current ? state : `${state}, replaced`) },
            { title: 'Cause', of: ({ rawReplay }) => (rawReplay ? 'raw replay' : null) },
            { title: 'Reason', of: ({ sentence }) => sentence },
          ]);
        }),
      ),
    'runs attempts 4567',
  );
}

function addControl(runs: Command, run: Runner): void {
  withExamples(
    runs
      .command('retry')
      .addArgument(runArgument())
      .description('retries a finished run')
      .addOption(stageOption('to start from', 'the stage at which the run ended'))
      .option('--dry-run', 'only show what would be retried')
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
      .addArgument(runArgument())
      .description('cancels one run; the other runs of its batch continue')
      .action(
        run(async (session, [id]) => showCommand(session, await session.api.send('POST', `/api/runs/${id}/cancel`))),
      ),
    'runs cancel 4567',
  );
}
