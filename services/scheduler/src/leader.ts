import { jobSubject } from '#libs/contracts';
import type { NatsLink } from '#libs/messaging';
import type { Logger } from '#libs/runtime';
import type { Admission } from './admission/admission.js';
import type { LivePublisher } from './live-publisher.js';
import type { Recorder } from './recorder/recorder.js';
import type { AppRegistry } from './registry/app-registry.js';

const SECOND = 1000;
/** A lost wake-up costs this long. */
const LOOK_AGAIN = SECOND;
/** How often the broker is brought to what Postgres says. */
const MIRROR = 60 * SECOND;

/** What the one active scheduler does besides recording: looks after the broker, and admits runs. */
export class Leader {
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly registry: AppRegistry,
    private readonly admission: Admission,
    private readonly recorder: Recorder,
    private readonly live: LivePublisher,
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
    );
    this.link.onReconnect(() => {
      this.recorder.forgetStream();
      void this.attempt('provisioning', () => this.registry.provisionAll());
    });
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
    }
  }

  close(): Promise<void> {
    this.timers.forEach((timer) => clearInterval(timer));
    return Promise.resolve();
  }

  private async look(): Promise<void> {
    await this.registry.provisionNew();
    await this.admission.admit();
  }
}
