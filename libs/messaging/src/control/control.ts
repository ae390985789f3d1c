import type { JetStreamManager, KV, NatsConnection } from 'nats';
import type { z } from 'zod';
import {
  APP_KEYS_FILTER,
  type AppControl,
  appControlSchema,
  appKey,
  BATCH_KEYS_FILTER,
  type BatchControl,
  batchControlSchema,
  batchKey,
  CONTROL_BUCKET,
  drainKey,
  WORKER_KEYS_FILTER,
  type WorkerDrain,
  workerDrainSchema,
  type WorkerHeartbeat,
  workerHeartbeatSchema,
  workerKey,
} from '#libs/contracts';
import { ProvisionError } from '../errors.js';
import { answeredAt } from '../streams/stream-info.js';

const INSTALLATION_KEY = 'installation';
const STREAM = `KV_${CONTROL_BUCKET}`;

/** One process of a worker; the previous release has no `process`. */
export type WorkerProcess = Pick<WorkerHeartbeat, 'worker' | 'process'>;

/** A heartbeat, and how many milliseconds ago it was written by the clock of the broker. */
export interface SeenHeartbeat extends WorkerHeartbeat {
  readonly age: number;
}

/** An active watch of the control bucket. */
export interface Watch {
  stop(): void;
  /** Resolves when the watch was stopped or failed; a failed one may have missed changes, so watch again. */
  readonly ended: Promise<void>;
}

/** The control bucket: settings for workers, which the scheduler copies from Postgres, and heartbeats of workers. */
export class Control {
  private constructor(
    private readonly bucket: KV,
    private readonly manager: JetStreamManager,
  ) {}

  /**
   * Opens the bucket. Without `create` it must exist; with `create` it is stored on `replicas` servers of a cluster.
   */
  static async open(connection: NatsConnection, { create = false, replicas = 1 } = {}): Promise<Control> {
    const options = create ? { history: 1, replicas } : { bindOnly: true };
    const kv = await connection.jetstream().views.kv(CONTROL_BUCKET, options);
    return new Control(kv, await connection.jetstreamManager());
  }

  putApp(app: AppControl): Promise<void> {
    return this.putChanged(appKey(app.slug), app);
  }

  putBatch(batch: BatchControl): Promise<void> {
    return this.putChanged(batchKey(batch.batch), batch);
  }

  /** Removes the value of a batch that workers no longer need. */
  async removeBatch(batch: number): Promise<void> {
    await this.bucket.purge(batchKey(batch));
  }

  /** The current values of all batches. */
  batches(): Promise<BatchControl[]> {
    return this.readAll(BATCH_KEYS_FILTER, batchControlSchema);
  }

  /** Calls back for every app before it resolves, and after every change; invalid entries are skipped. */
  watchApps(onApp: (app: AppControl) => void): Promise<Watch> {
    return this.watch(APP_KEYS_FILTER, appControlSchema, onApp);
  }

  /** Calls back for every paused or cancelled batch before it resolves, and after every change. */
  watchBatches(onBatch: (batch: BatchControl) => void): Promise<Watch> {
    return this.watch(BATCH_KEYS_FILTER, batchControlSchema, onBatch);
  }

  async putHeartbeat(heartbeat: WorkerHeartbeat): Promise<void> {
    const text = JSON.stringify(heartbeat);
    await Promise.all(heartbeatKeys(heartbeat).map((key) => this.bucket.put(key, text)));
  }

  /** Removes the heartbeat of a process that stops, so that it is not mistaken for a killed one. */
  async removeHeartbeat(process: WorkerProcess): Promise<void> {
    await Promise.all(heartbeatKeys(process).map((key) => this.bucket.purge(key)));
  }

  /** Orders a worker to accept no more work. */
  async putDrain(drain: WorkerDrain): Promise<void> {
    await this.bucket.put(drainKey(drain.worker), JSON.stringify(drain));
  }

  /** Removes the order to drain of a worker that starts. */
  async removeDrain(worker: string): Promise<void> {
    await this.bucket.purge(drainKey(worker));
  }

  /** Calls back when this worker is ordered to accept no more work. */
  watchDrain(worker: string, onDrain: () => void): Promise<Watch> {
    return this.watch(drainKey(worker), workerDrainSchema, onDrain);
  }

  /** The last heartbeat of every process that did not stop in an orderly way; its age identifies killed workers. */
  async heartbeats(): Promise<SeenHeartbeat[]> {
    const { entries, now } = await this.readEntries(WORKER_KEYS_FILTER, workerHeartbeatSchema);
    return entries
      .filter(({ key, value }) => key === workerKey(value.worker, value.process))
      .map(({ value, written }) => ({ ...value, age: Math.max(0, now - written) }));
  }

  /**
   * The valid values of all matching keys. The client's `keys()` is not used: it loses keys when its reader is slow.
   */
  private async readAll<Value>(keys: string, schema: z.ZodType<Value>): Promise<Value[]> {
    return (await this.readEntries(keys, schema)).entries.map(({ value }) => value);
  }

  /** All times are milliseconds since 1970 by the clock of the broker. */
  private async readEntries<Value>(keys: string, schema: z.ZodType<Value>) {
    const prefix = `$KV.${CONTROL_BUCKET}.`;
    const info = await this.manager.streams.info(STREAM, { subjects_filter: `${prefix}${keys}` });
    const entries: { readonly key: string; readonly value: Value; readonly written: number }[] = [];
    for (const subject of Object.keys(info.state.subjects ?? {})) {
      const key = subject.slice(prefix.length);
      const entry = await this.bucket.get(key);
      const value = entry?.operation === 'PUT' ? read(schema, entry.string()) : null;
      if (entry && value) entries.push({ key, value, written: entry.created.getTime() });
    }
    return { entries, now: answeredAt(info) };
  }

  private async putChanged(key: string, value: object): Promise<void> {
    const text = JSON.stringify(value);
    const entry = await this.bucket.get(key);
    if (entry?.operation !== 'PUT' || entry.string() !== text) await this.bucket.put(key, text);
  }

  private async watch<Value>(key: string, schema: z.ZodType<Value>, onValue: (value: Value) => void): Promise<Watch> {
    let initialized!: () => void;
    const known = new Promise<void>((resolve) => (initialized = resolve));
    const watch = await this.bucket.watch({ key, initializedFn: initialized });
    const follow = async () => {
      for await (const entry of watch) {
        const value = entry.operation === 'PUT' ? read(schema, entry.string()) : null;
        if (value) onValue(value);
      }
    };
    const ended = follow().catch(() => undefined);
    await Promise.race([known, ended]);
    return { stop: () => watch.stop(), ended };
  }

  /** The installation that this server belongs to; claims a server without one for `installation`. */
  async claim(installation: string): Promise<string> {
    // When two processes claim the server at the same time, `create` succeeds for one of them.
    const claimed = await this.bucket.create(INSTALLATION_KEY, installation).catch(() => null);
    if (claimed !== null) return installation;
    const entry = await this.bucket.get(INSTALLATION_KEY);
    if (!entry)
      throw new ProvisionError(
        `The bucket "${CONTROL_BUCKET}" of the NATS server cannot be written. Check the server's storage and permissions.`,
      );
    return entry.string();
  }
}

/** Its own key, and that of the previous release, whose schedulers would otherwise miss the work in flight. */
const heartbeatKeys = ({ worker, process }: WorkerProcess): string[] =>
  process === undefined ? [workerKey(worker)] : [workerKey(worker, process), workerKey(worker)];

function read<Value>(schema: z.ZodType<Value>, text: string): Value | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
