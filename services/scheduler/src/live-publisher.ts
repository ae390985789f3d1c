import type { OnModuleDestroy } from '@nestjs/common';
import { encodeBody, liveSubject, packCells, STREAMS } from '#libs/contracts';
import type { BatchChange, BatchSummaries } from '#libs/database';
import type { NatsLink } from '#libs/messaging';
import type { Logger } from '#libs/runtime';
import { joinChanges } from './join-changes.js';
import type { OnSchedulerStep } from './scheduler-step.js';

const SECOND = 1000;
/** At most four messages a second for one batch. */
const PACE = SECOND / 4;
/** For how long the version of a batch that changed is repeated, once a second, so that a lost last message heals. */
const REPEAT_FOR = 10 * SECOND;

interface Track {
  pending: BatchChange[];
  lastSent: number;
  lastChange: number;
  timer: NodeJS.Timeout | undefined;
}

/** Tells the notifiers what was committed, gathered per batch. Losing a message shows in the versions of the next. */
export class LivePublisher implements OnModuleDestroy {
  private readonly tracks = new Map<number, Track>();
  private readonly repeat = setInterval(() => void this.repeatVersions(), SECOND).unref();

  constructor(
    private readonly summaries: BatchSummaries,
    private readonly link: NatsLink,
    private readonly log: Logger,
    private readonly onStep: OnSchedulerStep,
  ) {}

  /** Gathers a committed change; the first of a quiet batch goes out at once. */
  add(change: BatchChange): void {
    const { batch } = change;
    const track = this.track(batch);
    const now = Date.now();
    track.lastChange = now;
    track.pending.push(change);
    track.timer ??= setTimeout(() => void this.send(batch, track), Math.max(0, track.lastSent + PACE - now));
  }

  /** Tells a batch's state without a change of cells, for a batch that was started. */
  announce(batch: number): void {
    this.track(batch).lastChange = Date.now();
  }

  /** Tells the state of all batches that clients may look at: a leader that died may have committed more than it told. */
  async announceLatest(): Promise<void> {
    for (const batch of await this.summaries.runningWithin(STREAMS.live.maxAgeSeconds)) this.announce(batch);
  }

  /** Sends what is gathered, once nothing is recorded any more and while the database is still there. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.repeat);
    await Promise.all(
      [...this.tracks].filter(([, { pending }]) => pending.length > 0).map(([batch, track]) => this.send(batch, track)),
    );
  }

  private track(batch: number): Track {
    const track = this.tracks.get(batch) ?? { pending: [], lastSent: 0, lastChange: 0, timer: undefined };
    this.tracks.set(batch, track);
    return track;
  }

  private async send(batch: number, track: Track): Promise<void> {
    clearTimeout(track.timer);
    track.timer = undefined;
    track.lastSent = Date.now();
    const changes = track.pending.splice(0);
    try {
      const summary = (await this.summaries.of([batch])).get(batch);
      if (!summary) return;
      const commit = changes.length > 0 ? joinChanges(changes) : null;
      const { from, to, cells } = commit ?? { from: summary.version, to: summary.version, cells: [] };
      const stages = summary.stages.length;
      const head = { v: 1, batch, from, to, summary };
      this.link.connection.publish(liveSubject(batch), encodeBody(head, packCells(cells, stages)));
      this.onStep('told');
    } catch (error) {
      this.log.warn({ err: error, batch }, 'status was not sent; clients notice the missing version');
    }
  }

  private async repeatVersions(): Promise<void> {
    const now = Date.now();
    for (const [batch, track] of this.tracks) {
      if (track.pending.length > 0 || now - track.lastSent < SECOND) continue;
      if (now - track.lastChange > REPEAT_FOR) this.tracks.delete(batch);
      else await this.send(batch, track);
    }
  }
}
