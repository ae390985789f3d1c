import { decodeBody, stageEventSchema, LINEAGE_HEADER, parseLineageHeader, slipSchema, STREAMS } from '#libs/contracts';
import type { NatsLink, StoredMessage } from '#libs/messaging';
import { StreamTap } from './stream-tap.js';

/** Which stage of which run. */
export interface StagePlace {
  readonly batch: number;
  readonly run: number;
  /** Stage, from 0. */
  readonly index: number;
}

/** A settlement as EVENTS held it. `root` tells its lineage; times are milliseconds since 1970. */
export interface Settlement extends StagePlace {
  readonly generation: number;
  readonly root: string;
  readonly at: number;
  readonly kind: string;
  /** Which EVENTS held it: tells one that was deleted from the one that took its place. */
  readonly log: string;
  /** Digest of the output. */
  readonly document: string | undefined;
}

/** A call that a worker has decided on, at that time. */
export interface Start {
  readonly run: number;
  readonly index: number;
  readonly root: string;
  readonly at: number;
  readonly worker: string;
}

/** A stage message as STAGES held it. */
export interface StageMessage extends StagePlace {
  readonly root: string;
  readonly at: number;
  /** Digest of the document it hands over. */
  readonly document: string;
  readonly subject: string;
  readonly body: Uint8Array;
}

/** Of nanoseconds, through microseconds: more does not fit a number. */
const milliseconds = (timestamp: string): number => Number(BigInt(timestamp) / 1000n) / 1000;

/** Everything that stood in STAGES and EVENTS, also in those that were deleted. */
export class History {
  /** Calls that workers announced; not all of them arrive. */
  readonly starts: Start[] = [];
  readonly messages: StageMessage[] = [];
  private readonly done = new Set<string>();
  /**
   * By subject and time of the message: what was written into a log that took the place of another may be read once
   * before that is noticed, and again from its beginning afterwards.
   */
  private readonly settled = new Map<string, Settlement>();
  private readonly taps: Readonly<Record<'STAGES' | 'EVENTS', StreamTap>>;

  constructor(link: NatsLink) {
    this.taps = {
      STAGES: new StreamTap(link, STREAMS.stages.name, (message) => this.addMessage(message)),
      EVENTS: new StreamTap(link, STREAMS.events.name, (message, created) => this.addEvent(message, created)),
    };
  }

  get settlements(): readonly Settlement[] {
    return [...this.settled.values()];
  }

  /** Stages that were done at least once. */
  get doneStages(): number {
    return this.done.size;
  }

  /** The event log that is there. */
  get log(): string | undefined {
    return this.taps.EVENTS.current;
  }

  catchUp(stream: 'STAGES' | 'EVENTS'): Promise<void> {
    return this.taps[stream].catchUp();
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.taps).map((tap) => tap.stop()));
  }

  private addMessage({ subject, body, headers, timestamp }: StoredMessage): void {
    const slip = slipSchema.parse(decodeBody(body).head);
    const root = parseLineageHeader(headers.get(LINEAGE_HEADER))?.root ?? 'new';
    this.messages.push({
      batch: slip.batch,
      run: slip.run,
      index: slip.index,
      root: root === 'new' ? timestamp : root,
      at: milliseconds(timestamp),
      document: slip.document.sha256,
      subject,
      body,
    });
  }

  private addEvent({ subject, body, timestamp }: StoredMessage, log: string): void {
    const event = stageEventSchema.parse(decodeBody(body).head);
    const { batch, run, index, generation, root, kind } = event;
    if (!subject.endsWith('.settled')) {
      this.starts.push({ run, index, root, at: event.times.started, worker: event.worker });
      return;
    }
    const settlement = { batch, run, index, generation, root, kind, log };
    this.settled.set(`${subject} ${timestamp}`, {
      ...settlement,
      at: milliseconds(timestamp),
      document: event.document?.sha256,
    });
    if (kind === 'done') this.done.add(`${run}/${index}`);
  }
}
