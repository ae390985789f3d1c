import { Inject, Injectable } from '@nestjs/common';
import { isSettledSubject, jobSubject } from '#libs/contracts';
import { NatsLink, RecorderPosition } from '#libs/messaging';
import { type Logger, monotonicNow } from '#libs/runtime';
import { Admission } from './admission/admission.js';
import { AppDurations } from './admission/app-durations.js';
import { Breakers } from './breaker/breakers.js';
import { Housekeeping } from './housekeeping.js';
import { LivePublisher } from './live-publisher.js';
import { BatchCancellations } from './operator/batch-cancellations.js';
import { BlockReporter } from './operator/block-reporter.js';
import { RecentActivity } from './operator/recent-activity.js';
import { StoredProgress } from './progress/stored-progress.js';
import { DeferredRecorder } from './recorder/deferred-recorder.js';
import { LogCursor } from './recorder/log-cursor.js';
import { RecorderProgress } from './recorder/recorder-progress.js';
import { AppRegistry } from './registry/app-registry.js';
import { BucketKeeper } from './retention/bucket-keeper.js';
import { LOGGER, SchedulerSettings } from './scheduler-settings.js';
import { ServerClock } from './server-clock.js';
import { Sweeper } from './sweeper/sweeper.js';

const SECOND = 1000;
/** Admission and the removal of documents; also the cost of a lost wake-up. */
const TICK = SECOND;
/** Rewriting everything in the broker that mirrors Postgres, whether or not it seems to differ. */
const MIRROR = 60 * SECOND;
/** Looking for deleted streams and consumers. */
const CHECK_BROKER = 3 * SECOND;
/** Storing a value, to notice that the broker refuses publications. */
const PROBE_BROKER = 5 * SECOND;
const SAMPLE_PACES = 30 * SECOND;
/** Deleting expired command keys and import reports. */
const DELETE_EXPIRED = 600 * SECOND;
const SWEEPS_PER_ACK_WAIT = 4;
/** Longest wait for the recorder before the first admission; ticks repeat it later. */
const FIRST_ADMISSION = 10 * SECOND;

@Injectable()
export class LeaderParts {
  @Inject() readonly registry!: AppRegistry;
  @Inject() readonly admission!: Admission;
  @Inject() readonly position!: RecorderPosition;
  @Inject() readonly cursor!: LogCursor;
  @Inject() readonly deferred!: DeferredRecorder;
  @Inject() readonly progress!: RecorderProgress;
  @Inject() readonly live!: LivePublisher;
  @Inject() readonly sweeper!: Sweeper;
  @Inject() readonly breakers!: Breakers;
  @Inject() readonly durations!: AppDurations;
  @Inject() readonly stageProgress!: StoredProgress;
  @Inject() readonly housekeeping!: Housekeeping;
  @Inject() readonly bucket!: BucketKeeper;
  @Inject() readonly blocks!: BlockReporter;
  @Inject() readonly cancellations!: BatchCancellations;
  @Inject() readonly activity!: RecentActivity;
  @Inject() readonly clock!: ServerClock;
  @Inject() readonly settings!: SchedulerSettings;
  @Inject() readonly link!: NatsLink;
  @Inject(LOGGER) readonly log!: Logger;
}

/**
 * Decides when the one active scheduler does what. Its phases:
 *
 *  1. Standby: `startScheduler` waits for the advisory lock; nothing in this class runs.
 *  2. `prepare`: creates streams, buckets and consumers, which the recorder and the workers need, loads the durations of
 *     apps, and notes the end of the event log. Then the transports listen, so that the recorder reads events. Until it
 *     has passed that end, nothing is admitted, swept, replayed or cancelled: Postgres may have lost transactions
 *     (`RecorderProgress`).
 *  3. `begin`: starts the timers and admits what waits. A previous leader may have committed changes that it did not
 *     publish live, so the version of every recent batch is announced.
 *  4. Leading. Four triggers: a wake-up (`job.<scope>.<verb>`), recorded events (`EventController`), settlements that the
 *     recorder has not read yet, and timers:
 *
 *     | every         | work                                                                                     |
 *     | ------------- | ---------------------------------------------------------------------------------------- |
 *     | 1 s           | provision new and changed apps, then the circuit breaker, then admission                 |
 *     | 1 s           | remove a few documents that are no longer kept                                           |
 *     | 1 s           | remove archived documents from a bucket that is more than half full                      |
 *     | 1 s           | record deferred events whose runs are not locked any more                                |
 *     | 1 s           | cancel the waiting runs of cancelled batches, in slices                                   |
 *     | 3 s           | recreate streams and consumers that were deleted                                         |
 *     | 5 s           | store a value, to notice a broker that refuses publications                              |
 *     | ack wait / 4  | sweep: repair stages that make no progress; admission follows when runs are waiting again |
 *     | 5 s           | store why unfinished batches make no progress                                            |
 *     | 5 s           | store the percentages of running stages                                                  |
 *     | 30 s          | sample the progress of batches, store the durations of apps                              |
 *     | 60 s          | rewrite everything that mirrors Postgres                                                 |
 *     | 600 s         | delete expired command keys and import reports                                           |
 *
 *     After a reconnect, the broker may be another one: the recorder reads the stream's creation time again, and
 *     everything is provisioned.
 *  5. Replaced: every transaction checks the leader epoch, so a leader that lost the lock fails at its first write and
 *     the process exits; its supervisor starts it again as the standby.
 *
 * All work is repeatable: whatever fails, or is interrupted by a kill, is done by the next tick.
 */
@Injectable()
export class Leader {
  private readonly timers: NodeJS.Timeout[] = [];
  private soon: NodeJS.Timeout | undefined;

  constructor(private readonly parts: LeaderParts) {}

  /** Throws when the NATS server cannot be used, for example because it belongs to another database. */
  async prepare(): Promise<void> {
    const { registry, progress, durations, clock, log } = this.parts;
    await registry.provisionAll();
    const notice = registry.storeNotice();
    if (notice !== null) log.warn({}, notice);
    await durations.load();
    await clock.read();
    await progress.begin();
  }

  begin(): void {
    const { registry, position, cursor, deferred, progress, live, durations, housekeeping, bucket, settings, link } =
      this.parts;
    const sweepEvery = (settings.ackWait * SECOND) / SWEEPS_PER_ACK_WAIT;
    this.every(TICK, 'admission', () => this.admitChanges());
    this.every(TICK, 'the removal of documents', () => housekeeping.removeDocuments());
    this.every(TICK, 'the removal of archived documents from the broker', () => bucket.tick());
    this.every(TICK, 'recording deferred events', () => deferred.record());
    this.every(TICK, 'cancelling waiting runs', () => this.parts.cancellations.tick());
    this.every(CHECK_BROKER, 'provisioning', () => this.recreateLost());
    this.every(PROBE_BROKER, 'the probe of the broker', () => this.probe());
    this.every(sweepEvery, 'the sweep', () => this.sweep());
    this.every(settings.periods.reportBlocks, 'the report of blocked batches', () => this.parts.blocks.report());
    this.parts.stageProgress.follow();
    this.every(settings.periods.saveProgress, 'storing percentages', () => this.parts.stageProgress.save());
    this.every(SAMPLE_PACES, 'sampling the progress of batches', () => housekeeping.samplePaces());
    this.every(settings.periods.saveDurations, 'storing the durations of apps', () => durations.save());
    this.every(MIRROR, 'provisioning', () => registry.provisionAll());
    this.every(DELETE_EXPIRED, 'the deletion of old command keys', () => housekeeping.deleteOldKeys());
    this.every(DELETE_EXPIRED, 'the deletion of old import reports', () => housekeeping.deleteOldImports());
    position.onWaiting(({ subject }) => {
      if (isSettledSubject(subject)) this.admitSoon();
    });
    link.onReconnect(() => {
      cursor.forget();
      void this.attempt('provisioning', () => registry.provisionAll());
    });
    void this.attempt('publishing the state of batches', () => live.announceLatest());
    void this.attempt('admission', async () => {
      if (await progress.untilCaughtUp(FIRST_ADMISSION)) await this.admitChanges();
    });
  }

  /** Reacts to `job.<scope>.<verb>`. */
  async wake(subject: string): Promise<void> {
    const { registry, live, admission } = this.parts;
    if (subject === jobSubject('apps', 'registered')) {
      await this.attempt('provisioning', () => registry.provisionNew());
      return;
    }
    const batch = Number(subject.split('.')[1]);
    if (Number.isSafeInteger(batch)) live.announce(batch);
    await this.attempt('admission', () => admission.admit());
  }

  /** Runs work that the next tick repeats when it fails; never rejects. `what` is the subject of the log message. */
  async attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      if (what === 'admission') this.parts.activity.observeAdmission(null, monotonicNow());
    } catch (error) {
      this.parts.log.warn({ err: error }, `${what} failed and will be repeated`);
      if (what !== 'admission') return;
      this.parts.activity.observeAdmission(error, monotonicNow());
      // A failed publication may be due to a deleted stream.
      void this.attempt('provisioning', () => this.recreateLost());
    }
  }

  /** Settled stages have freed credits: admits, but not so often that rounds take more than an eighth of the time. */
  admitSoon(): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      void this.attempt('admission', () => this.parts.admission.admit());
    }, this.parts.admission.rest()).unref();
  }

  close(): Promise<void> {
    clearTimeout(this.soon);
    this.timers.forEach((timer) => clearInterval(timer));
    return Promise.resolve();
  }

  private every(milliseconds: number, what: string, work: () => Promise<void>): void {
    this.timers.push(setInterval(() => void this.attempt(what, work), milliseconds));
  }

  private async admitChanges(): Promise<void> {
    const { registry, breakers, admission, clock } = this.parts;
    await registry.provisionNew();
    await this.attempt('the circuit breaker', async () => breakers.tick(await clock.read()));
    await admission.admit();
  }

  private async sweep(): Promise<void> {
    const { link, sweeper, admission } = this.parts;
    if (!link.isConnected()) return;
    if ((await sweeper.sweep(monotonicNow())) > 0) await admission.admit();
  }

  private async probe(): Promise<void> {
    const { link } = this.parts;
    if (link.isConnected()) await link.probe();
  }

  private async recreateLost(): Promise<void> {
    const { link, registry, cursor, log } = this.parts;
    if (!link.isConnected()) return;
    const missing = await registry.restore();
    if (missing.length === 0) return;
    cursor.forget();
    log.error({ missing }, 'streams or consumers were missing on the NATS server and have been recreated');
  }
}
