import type { KV, NatsConnection } from 'nats';
import { APP_KEYS_FILTER, appControlSchema, type AppControl, appKey, CONTROL_BUCKET } from '#libs/contracts';

const INSTALLATION_KEY = 'installation';

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

  /** Calls back for every app now and whenever one changes, until `stop`; unreadable entries are skipped. */
  async watchApps(onApp: (app: AppControl) => void): Promise<{ stop(): void }> {
    const watch = await this.bucket.watch({ key: APP_KEYS_FILTER });
    void (async () => {
      for await (const entry of watch) {
        const app = entry.operation === 'PUT' ? readApp(entry.string()) : null;
        if (app) onApp(app);
      }
    })();
    return { stop: () => watch.stop() };
  }

  /** The installation this server belongs to; claims it for `installation` when it belongs to none. */
  async claim(installation: string): Promise<string> {
    const entry = await this.bucket.get(INSTALLATION_KEY);
    if (entry && entry.operation === 'PUT') return entry.string();
    await this.bucket.put(INSTALLATION_KEY, installation);
    return installation;
  }
}

function readApp(text: string): AppControl | null {
  try {
    return appControlSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
