import type { OnModuleDestroy } from '@nestjs/common';
import { type CellChange, encodeBody, liveSubject, packCells } from '#libs/contracts';
import type { BatchChange, BatchSummaries } from '#libs/database';
import type { NatsLink } from '#libs/messaging';
import type { Logger } from '#libs/runtime';

const SECOND = 1000;
/** At most four messages a second for one batch. */
const PACE = SECOND / 4;
/** For how long the version of a batch that changed is repeated, once a second, so that a lost last message heals. */
const REPEAT_FOR = 10 * SECOND;

interface PendingCommit {
  from: number;
  to: number;
  readonly cells: CellChange[];
}

interface Track {
  pending: PendingCommit | undefined;
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
  ) {}

  /** Gathers a committed change; the first of a quiet batch goes out at once. */
  add({ batch, from, to, cells }: BatchChange): void {
    const track = this.track(batch);
    const now = Date.now();
    track.lastChange = now;
    if (!track.pending) track.pending = { from, to, cells: [...cells] };
    else {
      track.pending.from = Math.min(track.pending.from, from);
      track.pending.to = Math.max(track.pending.to, to);
      track.pending.cells.push(...cells);
    }
    track.timer ??= setTimeout(() => void this.send(batch, track), Math.max(0, track.lastSent + PACE - now));
  }

  /** Tells a batch's state without a change of cells, for a batch that was started. */
  announce(batch: number): void {
    this.track(batch).lastChange = Date.now();
  }

  /** Sends what is gathered, once nothing is recorded any more and while the database is still there. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.repeat);
    await Promise.all(
      [...this.tracks].filter(([, { pending }]) => pending).map(([batch, track]) => this.send(batch, track)),
    );
  }

  private track(batch: number): Track {
    const track = this.tracks.get(batch) ?? { pending: undefined, lastSent: 0, lastChange: 0, timer: undefined };
    this.tracks.set(batch, track);
    return track;
  }

  private async send(batch: number, track: Track): Promise<void> {
    clearTimeout(track.timer);
    track.timer = undefined;
    track.lastSent = Date.now();
    const commit = track.pending;
    track.pending = undefined;
    try {
      const summary = (await this.summaries.of([batch])).get(batch);
      if (!summary) return;
      const { from, to } = commit ?? { from: summary.version, to: summary.version };
      const stages = summary.stages.length;
      const head = { v: 1, batch, from, to, summary };
      this.link.connection.publish(liveSubject(batch), encodeBody(head, packCells(commit?.cells ?? [], stages)));
    } catch (error) {
      this.log.warn({ err: error, batch }, 'status was not sent; clients notice the missing version');
    }
  }

  private async repeatVersions(): Promise<void> {
    const now = Date.now();
    for (const [batch, track] of this.tracks) {
      if (track.pending || now - track.lastSent < SECOND) continue;
      if (now - track.lastChange > REPEAT_FOR) this.tracks.delete(batch);
      else await this.send(batch, track);
    }
  }
}
