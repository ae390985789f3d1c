import type { Command } from 'commander';
import { pathWith, type Runner } from '../session.js';
import { positive, withExamples } from './arguments.js';
import { download, type DownloadOptions, withDownloadOptions } from './download.js';

interface BatchDownloadOptions extends DownloadOptions {
  readonly formats: string;
  readonly stages: string;
}

/** What a batch has given. */
export function addBatchResults(batches: Command, run: Runner): void {
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
