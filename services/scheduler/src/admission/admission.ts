import { Injectable } from '@nestjs/common';
import { AdmissionRepository, type WaitingBatch } from '#libs/database';
import { monotonicNow, WorkPace } from '#libs/runtime';
import { AppCapacity } from './app-capacity.js';
import { BatchAdmission } from './batch-admission.js';
import { chooseRuns, type ChosenRuns, MAX_CLAIM } from './choose-runs.js';
import { RecorderLag } from './recorder-lag.js';

/** Milliseconds between two rounds at most, because of their pace: credits cover what apps complete meanwhile. */
const LONGEST_PACE = 100;

/**
 * Brings waiting runs into the pipeline: as many as the apps ahead of them can soon process. Retries, resumes and swept
 * stages come the same way.
 *
 * Modes: idle; in a round; in a round with another one requested. Triggers (`Leader`) only request a round, so any
 * number of them during a round leads to one more. The steps of a round:
 *
 *  1. Read the batches with waiting runs. Stop if there are none, or while the recorder is too far behind: the credits
 *     would be wrong, and the backlog would grow.
 *  2. Decide which results the oldest of them reuse. A run that reuses a stage waits at a later one, where it does not
 *     need the app of the reused stage; one that reuses all stages is done.
 *  3. Choose (`chooseRuns` and `Credits`, pure): the batch with the lowest pass gives the next run that has credits on
 *     the rest of its route. Runs of a batch are grouped by next stage, so that a retry never waits for an earlier app.
 *  4. Admit the chosen runs group by group (`BatchAdmission`): claim, publish and mark them in one transaction.
 *  5. A batch that fails is left out, and step 1 follows again for the others, so that it neither blocks them nor
 *     holds their credits. The first failure is thrown at the end; the next tick tries again.
 *
 * The run table is the outbox. A kill before the commit of step 4 rolls the claim back; the next leader publishes the
 * same runs in the same generation, which the broker already has, so there is one message. A kill after the commit
 * leaves nothing to do.
 */
@Injectable()
export class Admission {
  private round: Promise<void> | undefined;
  private again = false;
  private readonly pace = new WorkPace(LONGEST_PACE);

  constructor(
    private readonly runs: AdmissionRepository,
    private readonly capacity: AppCapacity,
    private readonly lag: RecorderLag,
    private readonly batches: BatchAdmission,
  ) {}

  /** Admits what can be admitted now. Resolves after the last requested round. */
  admit(): Promise<void> {
    this.again = true;
    this.round ??= this.rounds().finally(() => {
      this.round = undefined;
    });
    return this.round;
  }

  /** Milliseconds until the next round may begin, so that rounds take at most an eighth of the time. */
  rest(): number {
    return this.pace.rest(monotonicNow());
  }

  private async rounds(): Promise<void> {
    while (this.again) {
      this.again = false;
      this.pace.begin(monotonicNow());
      await this.admitOnce();
      this.pace.end(monotonicNow());
    }
  }

  private async admitOnce(): Promise<void> {
    const failures = new Map<number, unknown>();
    const attempt = async (batch: WaitingBatch, work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        failures.set(batch.id, error);
      }
    };
    for (;;) {
      const batches = (await this.runs.waitingBatches(MAX_CLAIM)).filter(({ id }) => !failures.has(id));
      if (batches.length === 0 || (await this.lag.isTooLarge(monotonicNow()))) break;
      const before = failures.size;
      let hasReused = false;
      for (const batch of batches) {
        await attempt(batch, async () => {
          if (await this.batches.decideReuse(batch)) hasReused = true;
        });
      }
      // The other runs of the batches can be decided in the next round, after runs of all batches were admitted.
      if (hasReused) this.again = true;
      for (const [batch, chosen] of await this.choose(batches.filter(({ id }) => !failures.has(id)))) {
        await attempt(batch, () => this.batches.admit(batch, chosen));
      }
      if (failures.size === before) break;
    }
    for (const failure of failures.values()) throw failure;
  }

  private async choose(batches: readonly WaitingBatch[]): Promise<[WaitingBatch, ChosenRuns][]> {
    const candidates = batches.map((batch) => ({
      ...batch,
      route: batch.route.map(({ app }) => app),
      waiting: batch.waiting.map(({ nextIndex, count, undecided }) => ({ nextIndex, count: count + undecided })),
    }));
    const chosen = chooseRuns(candidates, await this.capacity.now());
    return chosen.map((runs) => [batches.find(({ id }) => id === runs.batch)!, runs]);
  }
}
