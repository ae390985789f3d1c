import type { AppControl } from '#libs/contracts';
import { readAppMetadata } from '#libs/clams';
import type { RegisteredApp, RegistryRepository } from '#libs/database';
import { type Control, type NatsLink, provision, provisionApp } from '#libs/messaging';

/** Keeps the broker as the database says: streams, consumers of apps, and the apps' settings for the workers. */
export class AppRegistry {
  private control: Control | undefined;
  private concurrencies = new Map<string, number>();

  constructor(
    private readonly repository: RegistryRepository,
    private readonly link: NatsLink,
    readonly installation: string,
    private readonly ackWait: number,
  ) {}

  /** Slots of each usable app, over all workers. */
  slots(): ReadonlyMap<string, number> {
    return this.concurrencies;
  }

  /** Makes streams and buckets, then every app's consumer and settings; throws ProvisionError for a foreign server. */
  async provisionAll(): Promise<void> {
    this.control = await provision(this.link.connection, this.installation);
    await this.mirrorApps(() => true);
  }

  /** Makes apps usable that were registered since. */
  async provisionNew(): Promise<void> {
    await this.mirrorApps((app) => !app.ready);
  }

  private async mirrorApps(isWanted: (app: RegisteredApp) => boolean): Promise<void> {
    const apps = await this.repository.apps();
    for (const app of apps.filter(isWanted)) {
      await provisionApp(this.link.connection, app.slug, { concurrency: app.concurrency, ackWait: this.ackWait });
      await this.control!.putApp(appControl(app, this.installation, this.ackWait));
      await this.repository.markReady(app.id);
    }
    this.concurrencies = new Map(apps.map(({ slug, concurrency }) => [slug, concurrency]));
  }
}

/** What workers need to know of an app. */
export function appControl(app: RegisteredApp, installation: string, ackWait: number): AppControl {
  const metadata = readAppMetadata(app.metadata);
  const progressPath = metadata.more['progress'];
  return {
    v: 1,
    installation,
    slug: app.slug,
    adapter: 'http',
    url: app.url,
    identifier: app.identifier,
    ...(progressPath ? { progressPath } : {}),
    ackWait,
    concurrency: app.concurrency,
    paused: false,
  };
}
