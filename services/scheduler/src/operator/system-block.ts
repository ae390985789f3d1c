import { countOf } from '#libs/contracts';
import type { BatchStatus, BlockedBatch, BlockingSession } from '#libs/database';
import { MAX_LAG } from '../scheduler-settings.js';
import { brokerObstacle } from './app-obstacles.js';
import { CHECK_LOAD } from './explanation.js';
import { clock } from './phrases.js';
import type { SystemStatus } from './situation.js';

const SECOND = 1000;
/** Without any change for this time, work that could continue is stalled. */
export const STALLED_AFTER = 30 * SECOND;

/** The lag is rounded, so that the reason does not change all the time. */
const ROUND_LAG = 10_000;

/** Why a batch makes no progress, without the batch. `state`: as in its explanation. */
export type Block = Omit<BlockedBatch, 'batch'> & { readonly state: string };

export const block = (state: string, reason: string, advice: string, rest: Partial<Block> = {}): Block => ({
  state,
  stage: null,
  app: null,
  since: null,
  until: null,
  reason,
  advice,
  ...rest,
});

/** Why nothing makes progress, whatever the batch. */
export function systemBlock(system: SystemStatus): Block | null {
  const { lag, now, activity } = system;
  const broker = brokerObstacle(system);
  if (lag === null || broker)
    return block('blocked', broker!.reason, broker!.nextAction, { since: system.refusal?.since ?? null });
  const { recordedAt, blockingSessions, admissionFailure } = activity;
  const since = { since: recordedAt };
  if (lag > 0 && now - recordedAt > STALLED_AFTER) {
    const [session] = blockingSessions;
    if (session)
      return block(
        'blocked',
        `The recorder is waiting for a lock in Postgres: ${sessionName(session)} ` +
          (session.since === null ? 'holds it.' : `has held it since ${clock(session.since)}.`),
        endSession(session),
        since,
      );
    return block(
      'blocked',
      `Finished work is not recorded: no event has been recorded since ${clock(recordedAt)}.`,
      'Check the scheduler log and Postgres: its disk, its load and its locks.',
      since,
    );
  }
  if (lag > MAX_LAG)
    return block(
      'blocked',
      `The recorder is more than ${countOf(lag - (lag % ROUND_LAG), 'event')} behind. No run is admitted until it has caught up.`,
      CHECK_LOAD,
    );
  if (admissionFailure && now - admissionFailure.since > STALLED_AFTER)
    return block(
      'blocked',
      `Nothing has been published since ${clock(admissionFailure.since)}: ${admissionFailure.sentence}`,
      'Check the scheduler log, and the disk and the limits of the NATS server (JetStream).',
      { since: admissionFailure.since },
    );
  return null;
}

const sessionName = ({ pid, user, application }: BlockingSession): string =>
  `session ${pid} of user ${user} (${application || 'unnamed'})`;

const endSession = ({ pid }: BlockingSession): string =>
  `End the transaction of that session, or the session: select pg_terminate_backend(${pid}).`;

/** Results of the batch are not recorded, because another transaction locks their runs. */
export function lockedRuns({ batch }: BatchStatus, { now, activity }: SystemStatus): Block | null {
  const deferred = activity.deferred.get(batch);
  if (!deferred || now - deferred.since <= STALLED_AFTER) return null;
  const { count, since } = deferred;
  const [session] = activity.blockingSessions;
  const holder = session ? sessionName(session) : 'another transaction';
  return block(
    'blocked',
    `${countOf(count, 'result')} of the batch ${count === 1 ? 'has' : 'have'} not been recorded since ${clock(since)}: ${holder} locks ` +
      'its runs in Postgres.',
    session ? endSession(session) : 'Find the transaction in pg_stat_activity and pg_locks, and end it.',
    { since },
  );
}

/** After the database has lost its last transactions, the recorder reads their events again before the admission. */
export function catchingUp({ isCatchingUp }: SystemStatus): Block | null {
  if (!isCatchingUp) return null;
  return block(
    'blocked',
    'The scheduler has not recorded all events yet that existed when it started. No run is admitted until then.',
    `Wait until it has caught up. ${CHECK_LOAD}`,
  );
}
