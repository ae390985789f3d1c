import {
  type AppControl,
  appConsumer,
  HEARTBEAT_SECONDS,
  LINEAGE_HEADER,
  parseLineageHeader,
  parseStageSubject,
  STREAMS,
  type WorkerHeartbeat,
} from '#libs/contracts';
import type { Logger } from '#libs/runtime';
import { BatchOrders } from '../batch-orders.js';
import { Control, type Watch } from '../control.js';
import type { Delivery } from '../delivery.js';
import type { NatsLink } from '../nats-link.js';
import { SlotConsumer } from '../slot-consumer.js';
import { StallWatch } from '../stall-watch.js';
import { NestTransport } from './nest-transport.js';

const SECOND = 1000;
const HEARTBEAT_TICK = SECOND;
/** Heartbeats within the broker's ack wait: two may be lost. */
const HEARTBEATS_PER_ACK_WAIT = 3;
const BUCKET_RETRY = SECOND;
/** A watch goes blind without a word when its bucket is made again: what is written below its old end never comes. */
const WATCH_AGAIN = 30 * SECOND;
/** How long stages in flight may go on after a stop was asked for. */
const FINISH_GRACE = 4 * SECOND;

/** A stage message for an app, with the app's settings of this moment. */
export interface StageMessage {
  readonly app: AppControl;
  readonly delivery: Delivery;
  readonly orders: BatchOrders;
}

/** Which worker this is, and what it serves. */
export interface WorkerIdentity {
  readonly worker: string;
  /** Slugs of the apps it serves; empty means all. */
  readonly apps: readonly string[];
}

interface ServedApp {
  app: AppControl;
  readonly consumer: SlotConsumer;
  lastHeartbeat: number;
}

/** Gives stage messages of registered apps to the handler `stage`, as many at once as each app allows. */
export class StageTransport extends NestTransport {
  private readonly stalls = new StallWatch();
  private readonly consumers = new Map<string, ServedApp>();
  private readonly heartbeat = setInterval(() => this.sayWorking(Date.now()), HEARTBEAT_TICK).unref();
  private readonly running = new Set<Promise<void>>();
  private readonly orders = new BatchOrders();
  private readonly reporting = setInterval(() => void this.report(), HEARTBEAT_SECONDS * SECOND).unref();
  private control: Control | undefined;
  private watches: readonly Watch[] = [];
  private closed = false;

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
      // By itself the client notices only after many seconds that its watch is gone.
      this.watches.forEach((watch) => watch.stop());
    });
    void this.follow(handle);
  }

  /** Stops pulling, waits a moment for what is in flight and gives the rest back to the broker. */
  async close(): Promise<void> {
    this.closed = true;
    this.watches.forEach((watch) => watch.stop());
    for (const { consumer } of this.consumers.values()) consumer.stop();
    await Promise.race([
      Promise.allSettled(this.running),
      new Promise((resolve) => setTimeout(resolve, FINISH_GRACE).unref()),
    ]);
    for (const { consumer } of this.consumers.values()) {
      for (const delivery of consumer.held()) delivery.giveBack();
    }
    clearInterval(this.heartbeat);
    clearInterval(this.reporting);
    await this.control?.removeHeartbeat(this.identity.worker).catch(() => undefined);
    this.stalls.close();
  }

  // The bucket is made by the scheduler, which may come later than this process.
  private async follow(handle: (message: StageMessage) => Promise<void>): Promise<void> {
    while (!this.closed) {
      try {
        const control = await Control.open(this.link.connection);
        this.control = control;
        // Orders first, so that no stage of a cancelled batch is called for.
        const orders = await control.watchBatches((batch) => this.orders.set(batch));
        const apps = await control.watchApps((app) => this.serve(app, handle));
        this.watches = [orders, apps];
        const stop = () => this.watches.forEach((watch) => watch.stop());
        const again = setTimeout(stop, WATCH_AGAIN).unref();
        await Promise.race([orders.ended, apps.ended]).finally(() => clearTimeout(again));
        stop();
      } catch (error) {
        this.log.debug({ err: error }, 'waiting for the control bucket');
      }
      await new Promise((resolve) => setTimeout(resolve, BUCKET_RETRY).unref());
    }
  }

  private serve(app: AppControl, handle: (message: StageMessage) => Promise<void>): void {
    const { apps } = this.identity;
    if (this.closed || (apps.length > 0 && !apps.includes(app.slug))) return;
    const slots = app.paused ? 0 : app.concurrency;
    const served = this.consumers.get(app.slug);
    if (served) {
      served.app = app;
      served.consumer.resize(slots);
      return;
    }
    const entry: ServedApp = {
      app,
      lastHeartbeat: Date.now(),
      consumer: new SlotConsumer(this.link, this.stalls, {
        stream: STREAMS.stages.name,
        consumer: appConsumer(app.slug),
        slots,
        handle: (delivery) => this.track(handle({ app: entry.app, delivery, orders: this.orders })),
      }),
    };
    this.consumers.set(app.slug, entry);
    this.log.info({ app: app.slug, concurrency: app.concurrency }, 'serving app');
    void this.report();
  }

  /** Says what this worker serves and holds; a lost report costs nothing, the next one follows. */
  private async report(): Promise<void> {
    const [first] = this.consumers.values();
    if (!first || this.closed) return;
    const { installation } = first.app;
    await this.control?.putHeartbeat(this.heartbeatOf(installation, Date.now())).catch(() => undefined);
  }

  private heartbeatOf(installation: string, at: number): WorkerHeartbeat {
    const held = [...this.consumers.values()].flatMap(({ consumer }) => [...consumer.held()]);
    const { worker } = this.identity;
    return { v: 1, installation, worker, at, apps: [...this.consumers.keys()], inFlight: held.flatMap(holding) };
  }

  private async track(handling: Promise<void>): Promise<void> {
    const settled = handling.catch((error: unknown) => this.log.error({ err: error }, 'stage is left to redelivery'));
    this.running.add(settled);
    await settled;
    this.running.delete(settled);
  }

  private sayWorking(now: number): void {
    for (const served of this.consumers.values()) {
      if (now - served.lastHeartbeat < (served.app.ackWait * SECOND) / HEARTBEATS_PER_ACK_WAIT) continue;
      served.lastHeartbeat = now;
      for (const delivery of served.consumer.held()) delivery.working();
    }
  }
}

/** What a heartbeat tells of a delivery; nothing of one that names no stage. */
function holding(delivery: Delivery): WorkerHeartbeat['inFlight'] {
  const address = parseStageSubject(delivery.subject);
  if (!address) return [];
  const { run, index } = address;
  const generation = parseLineageHeader(delivery.header(LINEAGE_HEADER))?.generation ?? 0;
  return [{ run, index, generation, sequence: delivery.info.streamSequence, since: delivery.receivedAt }];
}
