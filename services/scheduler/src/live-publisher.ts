import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { encodeBody, liveSubject, packCells, STREAMS } from '#libs/contracts';
import { type BatchChange, BatchSummaries } from '#libs/database';
import { NatsLink } from '#libs/messaging';
import { type Logger, monotonicNow } from '#libs/runtime';
import { joinChanges } from './join-changes.js';
import { LOGGER } from './scheduler-settings.js';
import { ON_SCHEDULER_STEP, type OnSchedulerStep } from './scheduler-step.js';

const SECOND = 1000;
/** Minimum time between two messages about one batch. */
const MIN_INTERVAL = SECOND / 4;
/** After a change, the version is repeated once a second for this time, so that clients notice a lost last message. */
const REPEAT_FOR = 10 * SECOND;

interface Track {
  pending: BatchChange[];
  /** Both on the clock of `monotonicNow`. */
  lastSent: number;
  lastChange: number;
  timer: NodeJS.Timeout | undefined;
}

/** Publishes committed changes for the notifiers, collected per batch. A lost message shows in the next one's versions. */
@Injectable()
export class LivePublisher implements OnModuleDestroy {
  private readonly tracks = new Map<number, Track>();
  private readonly repeat = setInterval(() => void this.repeatVersions(), SECOND).unref();

  constructor(
    private readonly summaries: BatchSummaries,
    private readonly link: NatsLink,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(ON_SCHEDULER_STEP) private readonly onStep: OnSchedulerStep,
  ) {}

  /** Collects a committed change; the first one after a pause is published immediately. */
  add(change: BatchChange): void {
    const { batch } = change;
    const track = this.track(batch);
    const now = monotonicNow();
    track.lastChange = now;
    track.pending.push(change);
    track.timer ??= setTimeout(() => void this.send(batch, track), Math.max(0, track.lastSent + MIN_INTERVAL - now));
  }

  /** Publishes a batch's state without a change of cells, for example when it is started. */
  announce(batch: number): void {
    this.track(batch).lastChange = monotonicNow();
  }

  /** Publishes the state of all recent batches: a leader that died may have committed changes without publishing them. */
  async announceLatest(): Promise<void> {
    for (const batch of await this.summaries.runningWithin(STREAMS.live.maxAgeSeconds)) this.announce(batch);
  }

  /** Publishes what is collected, after the last commit and before the database is closed. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.repeat);
    await Promise.all(
      [...this.tracks].filter(([, { pending }]) => pending.length > 0).map(([batch, track]) => this.send(batch, track)),
    );
  }

  private track(batch: number): Track {
    const track = this.tracks.get(batch) ?? { pending: [], lastSent: -MIN_INTERVAL, lastChange: 0, timer: undefined };
    this.tracks.set(batch, track);
    return track;
  }

  private async send(batch: number, track: Track): Promise<void> {
    clearTimeout(track.timer);
    track.timer = undefined;
    track.lastSent = monotonicNow();
    const changes = track.pending.splice(0);
    try {
      const summary = (await this.summaries.of([batch])).get(batch);
      if (!summary) return;
      const commit = changes.length > 0 ? joinChanges(changes) : null;
      const { from, to, cells } = commit ?? { from: summary.version, to: summary.version, cells: [] };
      const stages = summary.stages.length;
      const head = { v: 1, batch, from, to, summary };
      this.link.connection.publish(liveSubject(batch), encodeBody(head, packCells(cells, stages)));
      this.onStep('live-published');
    } catch (error) {
      this.log.warn({ err: error, batch }, 'a live update was not published; clients will notice the missing version');
    }
  }

  private async repeatVersions(): Promise<void> {
    const now = monotonicNow();
    for (const [batch, track] of this.tracks) {
      if (track.pending.length > 0 || now - track.lastSent < SECOND) continue;
      if (now - track.lastChange > REPEAT_FOR) this.tracks.delete(batch);
      else await this.send(batch, track);
    }
  }
}
