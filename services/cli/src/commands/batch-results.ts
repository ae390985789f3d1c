import type { Command } from 'commander';
import { type BatchEstimate, batchEstimateSchema, type Percentiles } from '#libs/contracts';
import { type Column, tableLines } from '../output/table.js';
import { durationOf } from '../output/words.js';
import { pathWith, type Runner } from '../session.js';
import { positive, withExamples } from './arguments.js';
import { download, type DownloadOptions, withDownloadOptions } from './download.js';

interface BatchDownloadOptions extends DownloadOptions {
  readonly formats: string;
  readonly stages: string;
}

const span = (range: Percentiles | null, words: (value: number) => string): string | null =>
  range && `${words(range.p50)} to ${words(range.p90)}`;

const STAGE_COLUMNS: readonly Column<BatchEstimate['stages'][number]>[] = [
  { title: 'Stage', of: ({ index }) => index },
  { title: 'App', of: ({ app }) => app },
  { title: 'Runs', of: ({ runs }) => runs },
  { title: 'Taken over', of: ({ reused }) => reused },
  { title: 'Work', of: ({ seconds }) => span(seconds, durationOf) ?? 'not known' },
  { title: 'Served', of: ({ alive }) => (alive === null ? 'not known' : alive ? 'yes' : 'no') },
];

/** What a batch will take, and what it has given. */
export function addBatchResults(batches: Command, run: Runner): void {
  withExamples(
    batches
      .command('estimate')
      .argument('<batch>', 'id of the batch', positive)
      .description('tells what a batch will take: time, hours of media, money, and what earlier runs spare it')
      .option('--trial <number>', 'only for the first so many files', positive)
      .action(
        run<{ trial?: number }>(async ({ api, output }, [id], { trial }) => {
          const answer = await api.get(pathWith(`/api/batches/${id}/estimate`, { trial }));
          await output.show(answer, batchEstimateSchema, (estimate) => estimateLines(estimate, output.width));
        }),
      ),
    'batches estimate 12',
    'batches estimate 12 --trial 10',
  );
  withExamples(
    withDownloadOptions(batches.command('download').argument('<batch>', 'id of the batch', positive))
      .description('saves the results of a batch as a zip, with a manifest that also lists what is missing and why')
      .option('--formats <formats>', 'some of mmif, vtt, srt, txt, csv and jsonl, with commas', 'mmif')
      .option('--stages <which>', 'final: the last document of each file; all: those of every stage', 'final')
      .action(
        run<BatchDownloadOptions>((session, [id], { formats, stages, ...target }) => {
          const path = pathWith(`/api/batches/${id}/export`, { formats, stages });
          return download(session, path, { ...target, fallback: `batch-${id}.zip` });
        }),
      ),
    'batches download 12',
    'batches download 12 --formats mmif,vtt,txt --output evening-news.zip',
  );
}

function estimateLines(
  { sentence, stages, mediaHours, unknownDurations, cost, warnings }: BatchEstimate,
  width: number,
) {
  const unknown = unknownDurations === 0 ? '' : ` (${unknownDurations} of unknown length)`;
  return [
    sentence,
    ...tableLines(STAGE_COLUMNS, stages, width),
    ...(mediaHours === null ? [] : [`Media: ${durationOf(mediaHours * 3600)}${unknown}`]),
    ...(cost === null ? [] : [`Cost: ${span(cost, (value) => value.toFixed(2))}`]),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ];
}
