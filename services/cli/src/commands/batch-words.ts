import type { BatchView } from '#libs/contracts';
import { fieldLines } from '../output/table.js';
import { momentOf } from '../output/words.js';
import { barLine, stageBars } from '../watch/stage-bar.js';

/** The state of a batch in a word. */
export const batchStateWords = ({ summary }: BatchView): string => (summary.paused ? 'paused' : summary.state);

const NAME_WIDTH = 20;

/** A batch with its stages as bars. */
export function batchLines(batch: BatchView, width: number): string[] {
  const { summary, pipeline, startedBy, weight } = batch;
  return [
    summary.sentence,
    ...fieldLines([
      ['Name', batch.name],
      ['Pipeline', `${pipeline.name}, version ${pipeline.version}`],
      ['Files', batch.files],
      ['Weight', weight === undefined || weight === 100 ? null : weight],
      ['Created', `${momentOf(batch.createdAt)} by ${batch.createdBy}`],
      ['Started', batch.startedAt && `${momentOf(batch.startedAt)}${startedBy ? ` by ${startedBy}` : ''}`],
      ['Finished', momentOf(batch.finishedAt)],
      ['Paused', summary.paused ? `${momentOf(summary.paused.at)} by ${summary.paused.by}` : null],
      ['Archived', batch.archived ? 'yes' : null],
    ]),
    ...stageBars(summary).map((bar) => barLine(bar, NAME_WIDTH, width)),
  ];
}
