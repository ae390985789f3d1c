import { jobSubject } from '#libs/contracts';
import type { NatsLink } from '#libs/messaging';
import type { Logger } from '#libs/runtime';
import type { Admission } from './admission/admission.js';
import type { AppBreakers } from './breaker/app-breakers.js';
import type { Chores } from './chores.js';
import type { LivePublisher } from './live-publisher.js';
import type { Recorder } from './recorder/recorder.js';
import type { AppRegistry } from './registry/app-registry.js';
import type { Sweeper } from './sweeper/sweeper.js';

const SECOND = 1000;
/** A lost wake-up costs this long. */
const LOOK_AGAIN = SECOND;
/** How often the broker is brought to what Postgres says, whatever it looks like. */
const MIRROR = 60 * SECOND;
/** How often is forgotten what is too old: keys of commands that nobody repeats any more, reports of imports. */
const FORGET_OLD = 600 * SECOND;
/** How often it is noted how far running batches are. */
const NOTE_PACES = 30 * SECOND;
/** How long a stream or consumer that was deleted may be missing. */
const LOOK_FOR_LOSS = 3 * SECOND;
/** Sweeps within an ack wait. */
const SWEEPS_PER_ACK_WAIT = 4;

/** What finds by itself that something does not go on. */
export interface Healing {
  readonly sweeper: Sweeper;
  readonly breakers: AppBreakers;
  /** Seconds. */
  readonly ackWait: number;
}

/** What the one active scheduler does besides recording: looks after the broker, and admits runs. */
export class Leader {
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly registry: AppRegistry,
    private readonly admission: Admission,
    private readonly recorder: Recorder,
    private readonly live: LivePublisher,
    private readonly healing: Healing,
    private readonly chores: Chores,
    private readonly link: NatsLink,
    private readonly log: Logger,
  ) {}

  /** Makes what everybody else waits for; throws when the server cannot be used. */
  prepare(): Promise<void> {
    return this.registry.provisionAll();
  }

  begin(): void {
    this.timers.push(
      setInterval(() => void this.attempt('admission', () => this.look()), LOOK_AGAIN),
      setInterval(() => void this.attempt('provisioning', () => this.registry.provisionAll()), MIRROR),
      setInterval(() => void this.attempt('provisioning', () => this.lookForLoss()), LOOK_FOR_LOSS),
      setInterval(
        () => void this.attempt('the sweep', () => this.sweep()),
        (this.healing.ackWait * SECOND) / SWEEPS_PER_ACK_WAIT,
      ),
      setInterval(() => void this.attempt('removing documents', () => this.chores.keepDocuments()), LOOK_AGAIN),
      setInterval(() => void this.attempt('noting the pace of batches', () => this.chores.notePaces()), NOTE_PACES),
      setInterval(() => void this.attempt('forgetting old keys', () => this.chores.forgetKeys()), FORGET_OLD),
      setInterval(() => void this.attempt('forgetting old imports', () => this.chores.forgetImports()), FORGET_OLD),
    );
    this.link.onReconnect(() => {
      this.recorder.forgetStream();
      void this.attempt('provisioning', () => this.registry.provisionAll());
    });
    void this.attempt('telling the state of batches', () => this.live.announceLatest());
    void this.attempt('admission', () => this.look());
  }

  /** Reacts to `job.<scope>.<verb>`. */
  async wake(subject: string): Promise<void> {
    if (subject === jobSubject('apps', 'registered')) {
      await this.attempt('provisioning', () => this.registry.provisionNew());
      return;
    }
    const batch = Number(subject.split('.')[1]);
    if (Number.isSafeInteger(batch)) this.live.announce(batch);
    await this.attempt('admission', () => this.admission.admit());
  }

  /** Does something that the next tick repeats when it fails. */
  async attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.log.warn({ err: error }, `${what} failed, trying again`);
      // What cannot be published may have lost its stream.
      if (what === 'admission') void this.attempt('provisioning', () => this.lookForLoss());
    }
  }

  close(): Promise<void> {
    this.timers.forEach((timer) => clearInterval(timer));
    return Promise.resolve();
  }

  private async look(): Promise<void> {
    await this.registry.provisionNew();
    await this.attempt('the circuit breaker', () => this.healing.breakers.tick(Date.now()));
    await this.admission.admit();
  }

  private async sweep(): Promise<void> {
    if (!this.link.isConnected()) return;
    if ((await this.healing.sweeper.sweep(Date.now())) > 0) await this.admission.admit();
  }

  private async lookForLoss(): Promise<void> {
    if (!this.link.isConnected()) return;
    const missing = await this.registry.restore();
    if (missing.length === 0) return;
    this.recorder.forgetStream();
    this.log.error({ missing }, 'the NATS server had lost these, and they are made again');
  }
}
