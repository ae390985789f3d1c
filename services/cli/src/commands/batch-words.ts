import type { BatchView, MediaHours } from '#libs/contracts';
import { fieldLines } from '../output/table.js';
import { durationOf, momentOf } from '../output/words.js';
import { barLine, stageBars } from '../watch/stage-bar.js';

/** The state of a batch in a word. */
export const batchStateWords = ({ summary }: BatchView): string => (summary.paused ? 'paused' : summary.state);

const NAME_WIDTH = 20;

/** How much of its media is done. */
const mediaWords = ({ done, total }: MediaHours): string =>
  `${durationOf(done * 3600)} of ${durationOf(total * 3600)} done`;

/** A batch with its stages as bars. */
export function batchLines(batch: BatchView, width: number): string[] {
  const { summary, pipeline, startedBy, weight, mediaHours, eta } = batch;
  return [
    summary.sentence,
    ...(eta ? [eta.sentence] : []),
    ...fieldLines([
      ['Name', batch.name],
      ['Pipeline', `${pipeline.name}, version ${pipeline.version}`],
      ['Files', batch.files],
      ['Media', mediaHours && mediaHours.total > 0 ? mediaWords(mediaHours) : null],
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
