import type { Logger } from '#libs/runtime';
import type { WorkPositions } from '../registry/stream-positions.js';
import type { SweepDecision } from './decide-sweep.js';
import type { Judged } from './judge-suspects.js';

/** Runs that a log line names. */
const NAMED_RUNS = 20;

const SENTENCES: Readonly<Record<Exclude<SweepDecision, 'leave'>, string>> = {
  cancel: 'no worker has these stages of cancelled batches: they are settled as cancelled',
  restore: 'the settlements of these stages got lost: they are written again from the messages of the next stages',
  again: 'nobody brings these stages to an end any more: they begin anew',
};

/** Logs what a sweep has found; what the limits of STAGES have removed is an error of its setup. */
export function tellSweep(log: Logger, judged: readonly Judged[], { stages }: WorkPositions): void {
  for (const [decision, sentence] of Object.entries(SENTENCES)) {
    const found = judged.filter((one) => one.decision === decision);
    const runs = found.slice(0, NAMED_RUNS).map(({ stage: { run, index } }) => ({ run, index }));
    if (found.length > 0) log.warn({ stages: found.length, runs }, sentence);
  }
  const created = Date.parse(stages.created);
  const dropped = judged.filter(
    ({ stage, traces, decision }) => decision === 'again' && traces.message === 'absent' && stage.queuedAt > created,
  );
  if (dropped.length > 0)
    log.error({ stages: dropped.length }, 'STAGES has dropped messages that no worker had taken: raise its limits');
}
