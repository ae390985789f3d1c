import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type BatchControl,
  appConsumer,
  decodeBody,
  encodeBody,
  type StageEvent,
  stageEventSchema,
  newLineageHeader,
  settledSubject,
  type Slip,
  slipSchema,
  type StageAddress,
  stageHeaders,
  stageSubject,
  startedSubject,
  STREAMS,
  type WorkerHeartbeat,
} from '#libs/contracts';
import { type Control, NatsLink, provision, provisionApp, readLast, type StoredMessage } from '#libs/messaging';
import { buildSourceMmif } from '#libs/mmif';
import { createLogger, type RunningService } from '#libs/runtime';
import {
  type ScriptedApp,
  type ScriptedAppOptions,
  stageEventOf,
  startScriptedApp,
  startTestNats,
  type TestNats,
  waitFor,
} from '#libs/testing';
import { startWorker, type WorkerOptions } from '../src/start-worker.js';

export const INSTALLATION = 'here';
const LOG = createLogger('test', 'silent');
// Processes run the compiled code; `npm test` builds it first.
const ISOLATED_CALL = pathToFileURL(join('dist', 'services', 'worker', 'src', 'isolated', 'isolated-call.js'));

/** The newest settlement of a stage, and the number of its settlements. */
export interface FoundSettlement {
  readonly event: StageEvent;
  readonly inline: Buffer;
  readonly count: number;
}

/** How to publish a stage message; by default like the scheduler, in generation 1. */
export interface StagePublication {
  /** Value of the lineage header; null: no header, like a raw replay of an operator. */
  readonly lineage?: string | null;
  readonly document?: Uint8Array;
}

/** A real NATS server and scripted apps for workers. The test acts as the scheduler. */
export class WorkerStage {
  private runs = 0;

  private constructor(
    readonly nats: TestNats,
    readonly link: NatsLink,
    private readonly control: Control,
    private readonly apps: ScriptedApp[] = [],
  ) {}

  static async open(): Promise<WorkerStage> {
    const nats = await startTestNats();
    const link = await NatsLink.connect(nats.url, 'test', LOG);
    return new WorkerStage(nats, link, await provision(link.connection, INSTALLATION));
  }

  async close(): Promise<void> {
    await this.link.close();
    await Promise.all(this.apps.map((app) => app.close()));
    await this.nats.stop();
  }

  startWorker(id: string, apps: string[] = [], options: WorkerOptions = {}): Promise<RunningService> {
    const config = {
      LOG_LEVEL: 'error',
      NATS_URL: this.nats.url,
      WORKER_APPS: apps,
      WORKER_ID: id,
      SHUTDOWN_GRACE: 0,
    } as const;
    return startWorker(config, LOG, { isolatedCall: ISOLATED_CALL, ...options });
  }

  /** Starts a scripted app and registers it under its name. `ackWait` is in seconds. */
  async app(
    options: ScriptedAppOptions & { name: string; ackWait?: number; concurrency?: number },
  ): Promise<ScriptedApp> {
    const { name: slug, ackWait = 60, concurrency = 4 } = options;
    const app = await startScriptedApp(options);
    this.apps.push(app);
    await this.register(slug, app, { ackWait, concurrency });
    return app;
  }

  /** Deletes the event log and creates it again, empty. */
  async recreateLog(): Promise<void> {
    const manager = await this.link.connection.jetstreamManager();
    await manager.streams.delete(STREAMS.events.name);
    await provision(this.link.connection, INSTALLATION);
  }

  /** Registers an app for the workers, like the scheduler. */
  async register(
    slug: string,
    { url, identifier }: Pick<ScriptedApp, 'url' | 'identifier'>,
    { ackWait = 60, concurrency = 4 } = {},
  ): Promise<void> {
    await provisionApp(this.link.connection, slug, { concurrency, ackWait });
    await this.control.putApp({
      v: 1,
      installation: INSTALLATION,
      slug,
      adapter: 'http',
      url,
      identifier,
      ackWait,
      concurrency,
      paused: false,
    });
  }

  /** Pauses or cancels a batch for the workers, like the scheduler. */
  order(batch: number, order: Partial<BatchControl>): Promise<void> {
    return this.control.putBatch({
      v: 1,
      installation: INSTALLATION,
      batch,
      paused: false,
      cancelledGeneration: 0,
      ...order,
    });
  }

  heartbeats() {
    return this.control.heartbeats();
  }

  /** A new run through the apps, with its source document inline. */
  slip(apps: readonly string[], change: Partial<Slip> = {}): Slip {
    const run = (this.runs += 1);
    return {
      v: 1,
      installation: INSTALLATION,
      batch: 7,
      run,
      row: run - 1,
      guid: `file-${run}`,
      index: 0,
      generation: 1,
      root: null,
      route: apps.map((app) => ({
        app,
        parameters: { threshold: 0.25 },
        types: { threshold: 'number' },
        deadline: 20,
      })),
      document: { inline: true, sha256: '0'.repeat(64), bytes: 0 },
      trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      ...change,
    };
  }

  source(slip: Slip): Uint8Array {
    return buildSourceMmif({ kind: 'video', path: `/media/${slip.guid}.mp4` });
  }

  /** Publishes a stage message, its document inline or through the bucket. */
  async publish(
    slip: Slip,
    { lineage = newLineageHeader(slip.generation), document = this.source(slip) }: StagePublication = {},
  ) {
    const { ref, inline } = await this.link.documents.pack(slip, document);
    const body = encodeBody({ ...slip, document: ref }, inline);
    return this.publishRaw(slip, body, lineage === null ? {} : stageHeaders({ ...slip, document: ref }, lineage));
  }

  async publishRaw(
    slip: Slip,
    body: Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<StoredMessage> {
    const subject = stageSubject(slip.route[slip.index]!.app, slip);
    await this.link.publisher.publish(subject, body, { headers });
    return (await readLast(this.link.connection, STREAMS.stages.name, subject))!;
  }

  /** Publishes an event like another worker. */
  async report(event: StageEvent, inline?: Uint8Array): Promise<void> {
    const subject = event.kind === 'started' ? startedSubject(event) : settledSubject(event);
    await this.link.publisher.publish(subject, encodeBody(event, inline));
  }

  async settlement(address: StageAddress): Promise<FoundSettlement | null> {
    const subject = settledSubject(address);
    const stored = await readLast(this.link.connection, STREAMS.events.name, subject);
    if (!stored) return null;
    const { head, rest } = decodeBody(stored.body);
    return {
      event: stageEventSchema.parse(head),
      inline: Buffer.from(rest),
      count: await this.count(STREAMS.events.name, subject),
    };
  }

  untilSettled(address: StageAddress, within = 10_000): Promise<FoundSettlement> {
    return waitFor(() => this.settlement(address), { within, what: `The settlement of run ${address.run}` });
  }

  async started(address: StageAddress): Promise<StageEvent | null> {
    const stored = await readLast(this.link.connection, STREAMS.events.name, startedSubject(address));
    return stored && stageEventSchema.parse(decodeBody(stored.body).head);
  }

  /** The newest stage message for an app and stage; null when there is none. */
  async stage(app: string, address: StageAddress) {
    const subject = stageSubject(app, address);
    const stored = await readLast(this.link.connection, STREAMS.stages.name, subject);
    if (!stored) return null;
    const { head, rest } = decodeBody(stored.body);
    return {
      stored,
      slip: slipSchema.parse(head),
      document: rest,
      count: await this.count(STREAMS.stages.name, subject),
    };
  }

  async count(stream: string, subject: string): Promise<number> {
    const manager = await this.link.connection.jetstreamManager();
    const { state } = await manager.streams.info(stream, { subjects_filter: subject });
    return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
  }

  /** Pull requests of workers that wait at the consumer of an app. */
  async pulls(app: string): Promise<number> {
    const manager = await this.link.connection.jetstreamManager();
    return (await manager.consumers.info(STREAMS.stages.name, appConsumer(app))).num_waiting;
  }

  /** Messages of an app that are delivered again and not yet acknowledged. */
  async redeliveries(app: string): Promise<number> {
    const manager = await this.link.connection.jetstreamManager();
    return (await manager.consumers.info(STREAMS.stages.name, appConsumer(app))).num_redelivered;
  }

  /** Writes the heartbeat of another worker. */
  heartbeat(change: Pick<WorkerHeartbeat, 'worker' | 'process' | 'inFlight'>): Promise<void> {
    return this.control.putHeartbeat({ v: 1, installation: INSTALLATION, at: 0, apps: [], ...change });
  }

  drain(worker: string): Promise<void> {
    return this.control.putDrain({ v: 1, installation: INSTALLATION, worker });
  }

  /** Waits until every stage message of an app is acknowledged. */
  async untilAcknowledged(app: string, within = 10_000): Promise<void> {
    const manager = await this.link.connection.jetstreamManager();
    await waitFor(
      async () => {
        const info = await manager.consumers.info(STREAMS.stages.name, appConsumer(app));
        return info.num_pending === 0 && info.num_ack_pending === 0;
      },
      { within, what: `The last acknowledgement of ${app}` },
    );
  }
}

/** An event of another worker. */
export const eventOf = (
  slip: Slip,
  lineage: { generation: number; root: string },
  change: Partial<StageEvent>,
): StageEvent => stageEventOf(slip, { worker: 'another', ...lineage, ...change });
