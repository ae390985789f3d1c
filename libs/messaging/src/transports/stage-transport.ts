import { randomBytes } from 'node:crypto';
import {
  type AppControl,
  appConsumer,
  CONTROL_BUCKET,
  HEARTBEAT_SECONDS,
  isRunningWorker,
  LINEAGE_HEADER,
  parseLineageHeader,
  parseStageSubject,
  READS_VERSION,
  STREAMS,
  type WorkerHeartbeat,
} from '#libs/contracts';
import { type Logger, monotonicNow } from '#libs/runtime';
import { BatchOrders } from '../control/batch-orders.js';
import { Control, type Watch } from '../control/control.js';
import type { Delivery } from '../consume/delivery.js';
import type { NatsLink } from '../connection/nats-link.js';
import { SlotConsumer } from '../consume/slot-consumer.js';
import { SuspensionWatch } from '../consume/suspension-watch.js';
import { streamPosition } from '../streams/stream-info.js';
import { NestTransport } from './nest-transport.js';

const SECOND = 1000;
const WORKING_TICK = SECOND;
/** `working` messages per ack wait: two may be lost. */
const WORKING_PER_ACK_WAIT = 3;
const BUCKET_RETRY = SECOND;
/** A watch of a recreated bucket silently misses all changes below its old end. */
const BUCKET_CHECK = 10 * SECOND;
/** How long stages in flight may continue after a stop was requested, if the worker sets no other time. */
const FINISH_GRACE = 4 * SECOND;
/** How long aborted handlers may take to store that their call does not count. */
const RETURN_WITHIN = 3 * SECOND;

/** A stage message for an app, with the app's current settings. */
export interface StageMessage {
  readonly app: AppControl;
  readonly delivery: Delivery;
  readonly orders: BatchOrders;
  /** Whether the heartbeat of another process lists a run in this generation. */
  readonly isHeldElsewhere: (run: number, generation: number) => Promise<boolean>;
}

/** The name of a worker and the apps that it serves. */
export interface WorkerIdentity {
  readonly worker: string;
  /** Slugs of the apps that it serves; empty: all. */
  readonly apps: readonly string[];
  /** What happens to stages in flight at a stop. */
  readonly shutdown?: {
    /** Milliseconds that they may continue. */
    readonly graceMs: number;
    /** Aborts the handlers that are left; their messages return to the queue. */
    readonly abort: () => void;
  };
}

interface ServedApp {
  app: AppControl;
  readonly consumer: SlotConsumer;
  /** On the clock of `monotonicNow`. */
  lastWorking: number;
}

/**
 * Passes stage messages of registered apps to the handler `stage`, at most as many at once as each app allows.
 *
 * It follows the control bucket: each app gets a SlotConsumer whose slots are the app's concurrency (0 while the app is
 * paused), and the orders for batches are stored for the handlers. The watches begin again after a reconnect, and when
 * the bucket is a different one (checked every 10 s). While it runs, it sends `working` for all messages in flight, and a heartbeat every 5 s.
 *
 * `drain`, or the order `drain.<worker>` in the bucket, stops pulling for good; messages in flight continue. An order
 * that is older than the process is removed.
 *
 * `close` stops pulling, waits for messages in flight until the grace ends, aborts the other handlers and returns their
 * messages to the queue. After a kill, the broker delivers them again when the ack wait ends.
 */
export class StageTransport extends NestTransport {
  private readonly suspensions = new SuspensionWatch();
  private readonly consumers = new Map<string, ServedApp>();
  private readonly workingTimer = setInterval(() => this.reportWorking(monotonicNow()), WORKING_TICK).unref();
  private readonly running = new Set<Promise<void>>();
  private readonly orders = new BatchOrders();
  private readonly reporting = setInterval(() => void this.report(), HEARTBEAT_SECONDS * SECOND).unref();
  private readonly process = randomBytes(4).toString('hex');
  private control: Control | undefined;
  private watches: readonly Watch[] = [];
  private closed = false;
  private draining = false;
  private hasNewOrders = false;

  constructor(
    private readonly link: NatsLink,
    private readonly log: Logger,
    private readonly identity: WorkerIdentity,
  ) {
    super();
  }

  protected begin(): void {
    const handle = this.handlerOf<StageMessage>('stage');
    this.link.onReconnect(() => {
      for (const { consumer } of this.consumers.values()) consumer.restart();
      // The client itself notices only after about 15 s that the server has forgotten its watch.
      this.watches.forEach((watch) => watch.stop());
    });
    void this.follow(handle);
  }

  /** Accepts no more stages; those in flight continue. */
  drain(): void {
    if (this.draining) return;
    this.draining = true;
    this.log.info('draining: no more stages are accepted');
    for (const { consumer } of this.consumers.values()) consumer.resize(0);
    void this.report();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.watches.forEach((watch) => watch.stop());
    for (const { consumer } of this.consumers.values()) consumer.stop();
    const { graceMs, abort } = this.identity.shutdown ?? { graceMs: FINISH_GRACE, abort: () => undefined };
    await this.handlersEnded(graceMs);
    const left = [...this.consumers.values()].flatMap(({ consumer }) => [...consumer.held()]);
    abort();
    await this.handlersEnded(left.length > 0 && this.identity.shutdown ? RETURN_WITHIN : 0);
    for (const delivery of left) delivery.returnToQueue();
    clearInterval(this.workingTimer);
    clearInterval(this.reporting);
    await this.control?.removeHeartbeat({ worker: this.identity.worker, process: this.process }).catch(() => undefined);
    this.suspensions.close();
  }

  private async handlersEnded(withinMs: number): Promise<void> {
    await Promise.race([
      Promise.allSettled(this.running),
      new Promise((resolve) => setTimeout(resolve, withinMs).unref()),
    ]);
  }

  // The scheduler creates the bucket, possibly after this process has started.
  private async follow(handle: (message: StageMessage) => Promise<void>): Promise<void> {
    while (!this.closed) {
      try {
        const bucket = await this.bucketCreated();
        const control = await Control.open(this.link.connection);
        this.control = control;
        if (!this.hasNewOrders) await control.removeDrain(this.identity.worker);
        this.hasNewOrders = true;
        const drains = await control.watchDrain(this.identity.worker, () => this.drain());
        // Orders first, so that no stage of a cancelled batch starts.
        const orders = await control.watchBatches((batch) => this.orders.set(batch));
        const apps = await control.watchApps((app) => this.serve(app, handle));
        this.watches = [drains, orders, apps];
        const stop = () => this.watches.forEach((watch) => watch.stop());
        const check = setInterval(() => void this.stopIfRecreated(bucket, stop), BUCKET_CHECK).unref();
        await Promise.race([drains.ended, orders.ended, apps.ended]).finally(() => clearInterval(check));
        stop();
      } catch (error) {
        this.log.debug({ err: error }, 'waiting for the control bucket');
      }
      await new Promise((resolve) => setTimeout(resolve, BUCKET_RETRY).unref());
    }
  }

  private async bucketCreated(): Promise<string> {
    return (await streamPosition(this.link.connection, `KV_${CONTROL_BUCKET}`)).created;
  }

  /** Without an answer the watches stay: a reconnect begins them again, and the next check follows. */
  private async stopIfRecreated(created: string, stop: () => void): Promise<void> {
    const now = await this.bucketCreated().catch(() => created);
    if (now !== created) stop();
  }

  private serve(app: AppControl, handle: (message: StageMessage) => Promise<void>): void {
    const { apps } = this.identity;
    if (this.closed || (apps.length > 0 && !apps.includes(app.slug))) return;
    const slots = app.paused || this.draining ? 0 : app.concurrency;
    const served = this.consumers.get(app.slug);
    if (served) {
      served.app = app;
      served.consumer.resize(slots);
      return;
    }
    const entry: ServedApp = {
      app,
      lastWorking: monotonicNow(),
      consumer: new SlotConsumer(this.link, this.suspensions, {
        stream: STREAMS.stages.name,
        consumer: appConsumer(app.slug),
        slots,
        handle: (delivery) =>
          this.track(
            handle({
              app: entry.app,
              delivery,
              orders: this.orders,
              isHeldElsewhere: (run, generation) => this.isHeldElsewhere(run, generation),
            }),
          ),
      }),
    };
    this.consumers.set(app.slug, entry);
    this.log.info({ app: app.slug, concurrency: app.concurrency }, 'serving app');
    void this.report();
  }

  /** Writes the heartbeat; a lost one is harmless, because the next one follows. */
  private async report(): Promise<void> {
    const [first] = this.consumers.values();
    if (!first || this.closed) return;
    const { installation } = first.app;
    await this.control?.putHeartbeat(this.heartbeatOf(installation, Date.now())).catch(() => undefined);
  }

  /** A process that was killed leaves its last heartbeat, also where it had the same worker id. */
  private async isHeldElsewhere(run: number, generation: number): Promise<boolean> {
    const heartbeats = (await this.control?.heartbeats()) ?? [];
    return heartbeats.some(
      ({ process, age, inFlight }) =>
        process !== this.process &&
        isRunningWorker(age) &&
        inFlight.some((entry) => entry.run === run && (entry.generation === generation || entry.generation === 0)),
    );
  }

  private heartbeatOf(installation: string, at: number): WorkerHeartbeat {
    const held = [...this.consumers.values()].flatMap(({ consumer }) => [...consumer.held()]);
    const { worker } = this.identity;
    const refusal = this.link.refusal();
    return {
      v: 1,
      installation,
      worker,
      process: this.process,
      reads: READS_VERSION,
      at,
      apps: this.draining ? [] : [...this.consumers.keys()],
      ...(this.draining ? { draining: true } : {}),
      ...(refusal ? { refusal } : {}),
      inFlight: held.flatMap(entryOf),
    };
  }

  private async track(handling: Promise<void>): Promise<void> {
    const settled = handling.catch((error: unknown) => {
      if (this.closed) this.log.info('a stage in flight is returned to the queue');
      else this.log.error({ err: error }, 'the stage failed unexpectedly; the broker will deliver it again');
    });
    this.running.add(settled);
    await settled;
    this.running.delete(settled);
  }

  private reportWorking(now: number): void {
    for (const served of this.consumers.values()) {
      if (now - served.lastWorking < (served.app.ackWait * SECOND) / WORKING_PER_ACK_WAIT) continue;
      served.lastWorking = now;
      for (const delivery of served.consumer.held()) delivery.working();
    }
  }
}

/** The entry of a delivery in the heartbeat; none when its subject names no stage. */
function entryOf(delivery: Delivery): WorkerHeartbeat['inFlight'] {
  const address = parseStageSubject(delivery.subject);
  if (!address) return [];
  const { run, index } = address;
  const generation = parseLineageHeader(delivery.header(LINEAGE_HEADER))?.generation ?? 0;
  return [{ run, index, generation, sequence: delivery.info.streamSequence, since: delivery.receivedAt }];
}
