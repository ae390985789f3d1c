import type { BatchView, MediaHours } from '#libs/contracts';
import { fieldLines } from '../output/table.js';
import { formatDuration, formatTime } from '../output/format.js';
import { barLine, NAME_WIDTH, stageBars } from '../watch/stage-bar.js';

/** The state of a batch in one word. */
export const batchStateLabel = ({ summary }: BatchView): string =>
  summary.paused ? 'paused' : summary.held ? 'held' : summary.blocked ? 'blocked' : summary.state;

/** Why a batch makes no progress, since when, and what to do; null while it does. */
export function blockedLine({ blocked }: BatchView['summary']): string | null {
  if (!blocked) return null;
  const { reason, since, until, advice } = blocked;
  return `${reason} Since ${formatTime(since)}${until === null ? '' : `, until ${formatTime(until)}`}. ${advice}`;
}

const mediaLabel = ({ done, total }: MediaHours): string =>
  `${formatDuration(done * 3600)} of ${formatDuration(total * 3600)} done`;

/** A batch with a progress bar for each stage. */
export function batchLines(batch: BatchView, width: number): string[] {
  const { summary, pipeline, startedBy, weight, mediaHours, eta } = batch;
  return [
    summary.sentence,
    ...(eta ? [eta.sentence] : []),
    ...(summary.blocked ? [blockedLine(summary)!] : []),
    ...fieldLines([
      ['Name', batch.name],
      ['Pipeline', `${pipeline.name}, version ${pipeline.version}`],
      ['Files', batch.files],
      ['Media', mediaHours && mediaHours.total > 0 ? mediaLabel(mediaHours) : null],
      ['Weight', weight === undefined || weight === 100 ? null : weight],
      ['Created', `${formatTime(batch.createdAt)} by ${batch.createdBy}`],
      ['Started', batch.startedAt && `${formatTime(batch.startedAt)}${startedBy ? ` by ${startedBy}` : ''}`],
      ['Finished', formatTime(batch.finishedAt)],
      ...(summary.held ?? []).map(({ stage, by, reason, since }): [string, string] => [
        'Held',
        `at stage ${stage} since ${formatTime(since)} by ${by}: ${reason}`,
      ]),
      ['Paused', summary.paused ? `${formatTime(summary.paused.at)} by ${summary.paused.by}` : null],
      ['Archived', batch.archived ? 'yes' : null],
    ]),
    ...stageBars(summary).map((bar) => barLine(bar, NAME_WIDTH, width)),
  ];
}
