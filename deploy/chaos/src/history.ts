import { decodeBody, stageEventSchema, slipSchema, storedLineage, STREAMS } from '#libs/contracts';
import type { NatsLink, StoredMessage } from '#libs/messaging';
import { StreamTap } from './stream-tap.js';

/** A stage of a run. */
export interface StagePlace {
  readonly batch: number;
  readonly run: number;
  /** Stage, from 0. */
  readonly index: number;
}

/** A settlement from EVENTS. `root` identifies its lineage; times are Unix times in ms. */
export interface Settlement extends StagePlace {
  readonly generation: number;
  readonly root: string;
  readonly at: number;
  readonly kind: string;
  /** Creation time of its EVENTS stream: distinguishes a deleted stream from its replacement. */
  readonly log: string;
  /** SHA-256 of the output. */
  readonly document: string | undefined;
}

/** The decision of a worker to call an app, and its time. */
export interface Start {
  readonly run: number;
  readonly index: number;
  readonly root: string;
  readonly at: number;
  readonly worker: string;
}

/** A stage message from STAGES. */
export interface StageMessage extends StagePlace {
  readonly root: string;
  readonly at: number;
  /** SHA-256 of its document. */
  readonly document: string;
  readonly subject: string;
  readonly body: Uint8Array;
}

/** Milliseconds from nanoseconds, with microsecond resolution: a number has no room for more digits. */
const milliseconds = (timestamp: string): number => Number(BigInt(timestamp) / 1000n) / 1000;

/** All messages of STAGES and EVENTS, including deleted streams. */
export class History {
  /** Decisions of workers to call; not every call arrives. */
  readonly starts: Start[] = [];
  readonly messages: StageMessage[] = [];
  private readonly done = new Set<string>();
  /**
   * By subject and time of the message: a message of a replacing log may be read once before the replacement is detected
   * and again afterwards.
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

  /** The existing event log. */
  get log(): string | undefined {
    return this.taps.EVENTS.current;
  }

  catchUp(stream: 'STAGES' | 'EVENTS'): Promise<void> {
    return this.taps[stream].catchUp();
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.taps).map((tap) => tap.stop()));
  }

  private addMessage(message: StoredMessage): void {
    const { subject, body, timestamp } = message;
    const slip = slipSchema.parse(decodeBody(body).head);
    this.messages.push({
      batch: slip.batch,
      run: slip.run,
      index: slip.index,
      root: storedLineage(message)?.root ?? timestamp,
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
