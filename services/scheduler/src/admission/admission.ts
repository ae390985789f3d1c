import { AdmissionRepository, DocumentsRepository, ReuseRepository, type WaitingBatch } from '#libs/database';
import type { NatsLink } from '#libs/messaging';
import type { LivePublisher } from '../live-publisher.js';
import type { AppRegistry } from '../registry/app-registry.js';
import type { OnSchedulerStep } from '../scheduler-step.js';
import type { AppDurations } from './app-durations.js';
import { chooseRuns, freeCredits, MAX_CLAIM } from './choose-runs.js';
import { publishStage } from './stage-publication.js';
import type { RecorderLag } from './recorder-lag.js';

/** A claim's transaction holds locks while it publishes: it gives up before anybody waits long for them. */
const PUBLISH_TIMEOUT_MS = 5000;

/** Brings waiting runs into the pipeline, as many as the apps ahead of them can take soon. */
export class Admission {
  private round: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly runs: AdmissionRepository,
    private readonly reuse: ReuseRepository,
    private readonly documents: DocumentsRepository,
    private readonly registry: AppRegistry,
    private readonly durations: AppDurations,
    private readonly link: NatsLink,
    private readonly live: LivePublisher,
    private readonly lag: RecorderLag,
    private readonly onStep: OnSchedulerStep,
  ) {}

  /** Admits what can be admitted now; calls during a round make one more follow it. */
  admit(): Promise<void> {
    this.again = true;
    this.round ??= this.rounds().finally(() => {
      this.round = undefined;
    });
    return this.round;
  }

  private async rounds(): Promise<void> {
    while (this.again) {
      this.again = false;
      await this.admitOnce();
    }
  }

  /** A batch that cannot be admitted must not hold up the others, nor keep the credits that it would have had. */
  private async admitOnce(): Promise<void> {
    const failures = new Map<number, unknown>();
    for (;;) {
      const batches = (await this.runs.waitingBatches(MAX_CLAIM)).filter(({ id }) => !failures.has(id));
      if (batches.length === 0 || (await this.lag.isTooLarge(Date.now()))) break;
      const before = failures.size;
      for (const [batch, count] of await this.choose(batches)) {
        await this.admitBatch(batch, count).catch((error: unknown) => failures.set(batch.id, error));
      }
      if (failures.size === before) break;
    }
    for (const failure of failures.values()) throw failure;
  }

  private async choose(batches: readonly WaitingBatch[]): Promise<[WaitingBatch, number][]> {
    const { runs, routes } = await this.runs.runsInProgress();
    const loads = runs.map(({ batch, nextIndex, count }) => ({ apps: routes.get(batch) ?? [], nextIndex, count }));
    const candidates = batches.map((batch) => ({ ...batch, apps: batch.route.map(({ app }) => app) }));
    const apps = { slots: this.registry.slots(), durations: this.durations.all() };
    const chosen = chooseRuns(candidates, freeCredits(apps, loads));
    return [...chosen].map(([id, count]) => [batches.find((batch) => batch.id === id)!, count]);
  }

  private async admitBatch(batch: WaitingBatch, count: number): Promise<void> {
    if (batch.reuse) await this.takeOver(batch.id, count);
    const { route, sourceVocabulary } = batch;
    const context = { installation: this.registry.installation, batch: batch.id, sourceVocabulary, route };
    const means = {
      read: (sha256: string) => this.documents.read(sha256),
      signal: AbortSignal.timeout(PUBLISH_TIMEOUT_MS),
    };
    const change = await this.runs.admit(batch, count, async (runs) => {
      await Promise.all(runs.map((run) => publishStage(this.link, context, run, means)));
      this.onStep('published');
    });
    this.onStep('admitted');
    if (change) this.live.add(change);
  }

  /** Decides what the next runs take over. Those that are done by it take no credit: others come in their place. */
  private async takeOver(batch: number, count: number): Promise<void> {
    for (const limit of [count, MAX_CLAIM]) {
      const { decided, finished, change } = await this.reuse.decide(batch, limit);
      if (change) this.live.add(change);
      if (decided > 0) this.onStep('decided');
      if (finished < limit) return;
      this.again = true;
    }
  }
}
