import type { KV, NatsConnection } from 'nats';
import { APP_KEYS_FILTER, appControlSchema, type AppControl, appKey, CONTROL_BUCKET } from '#libs/contracts';
import { ProvisionError } from './errors.js';

const INSTALLATION_KEY = 'installation';

/** A running watch of the control bucket. */
export interface Watch {
  stop(): void;
  /** Resolves when the watch was stopped or broke: a broken one may have missed changes, so watch again. */
  readonly ended: Promise<void>;
}

/** The control bucket: settings of apps for the workers, written by the scheduler from Postgres. */
export class Control {
  private constructor(private readonly bucket: KV) {}

  /** Opens the bucket; without `create` it has to be there. */
  static async open(connection: NatsConnection, { create = false } = {}): Promise<Control> {
    const kv = await connection.jetstream().views.kv(CONTROL_BUCKET, create ? { history: 1 } : { bindOnly: true });
    return new Control(kv);
  }

  async putApp(app: AppControl): Promise<void> {
    const value = JSON.stringify(app);
    const entry = await this.bucket.get(appKey(app.slug));
    if (entry?.string() !== value) await this.bucket.put(appKey(app.slug), value);
  }

  /** Calls back for every app now and whenever one changes; unreadable entries are skipped. */
  async watchApps(onApp: (app: AppControl) => void): Promise<Watch> {
    const watch = await this.bucket.watch({ key: APP_KEYS_FILTER });
    const follow = async () => {
      for await (const entry of watch) {
        const app = entry.operation === 'PUT' ? readApp(entry.string()) : null;
        if (app) onApp(app);
      }
    };
    return { stop: () => watch.stop(), ended: follow().catch(() => undefined) };
  }

  /** The installation this server belongs to; claims it for `installation` when it belongs to none. */
  async claim(installation: string): Promise<string> {
    // `create` succeeds for one of two that come at once.
    const claimed = await this.bucket.create(INSTALLATION_KEY, installation).catch(() => null);
    if (claimed !== null) return installation;
    const entry = await this.bucket.get(INSTALLATION_KEY);
    if (!entry) throw new ProvisionError(`The bucket ${CONTROL_BUCKET} of the NATS server cannot be written.`);
    return entry.string();
  }
}

function readApp(text: string): AppControl | null {
  try {
    return appControlSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
