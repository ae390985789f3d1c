import type { Command } from 'commander';
import { pathWith } from '../connection/paths.js';
import { type BatchEstimate, batchEstimateSchema, type Percentiles } from '#libs/contracts';
import { type Column, tableLines } from '../output/table.js';
import { formatDuration } from '../output/format.js';
import { type Runner } from '../session.js';
import { batchArgument, positive, withExamples } from './options.js';
import { download, type DownloadOptions, withDownloadOptions } from './download.js';

interface BatchDownloadOptions extends DownloadOptions {
  readonly formats: string;
  readonly stages: string;
}

const span = (range: Percentiles | null, format: (value: number) => string): string | null =>
  range && `${format(range.p50)} to ${format(range.p90)}`;

const STAGE_COLUMNS: readonly Column<BatchEstimate['stages'][number]>[] = [
  { title: 'Stage', of: ({ index }) => index },
  { title: 'App', of: ({ app }) => app },
  { title: 'Runs', of: ({ runs }) => runs },
  { title: 'Reused', of: ({ reused }) => reused },
  { title: 'Duration', of: ({ seconds }) => span(seconds, formatDuration) ?? 'unknown' },
  { title: 'Worker', of: ({ alive }) => (alive === null ? 'unknown' : alive ? 'running' : 'none') },
];

/** Commands for the estimate and the results of a batch. */
export function addBatchResults(batches: Command, run: Runner): void {
  withExamples(
    batches
      .command('estimate')
      .addArgument(batchArgument())
      .description('estimates time, hours of media, cost and what earlier runs save')
      .option('--trial <number>', 'estimate a trial of this many files', positive)
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
    withDownloadOptions(batches.command('download').addArgument(batchArgument()))
      .description(
        'downloads the results of a batch as a zip file; its manifest also lists missing results and the reasons',
      )
      .option('--formats <formats>', 'comma-separated: mmif, vtt, srt, txt, csv, jsonl', 'mmif')
      .option('--stages <which>', 'final: the last document of each file; all: the documents of every stage', 'final')
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
    ...(mediaHours === null ? [] : [`Media: ${formatDuration(mediaHours * 3600)}${unknown}`]),
    ...(cost === null ? [] : [`Cost: ${span(cost, (value) => value.toFixed(2))}`]),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ];
}
