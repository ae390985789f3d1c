import type { AppControl } from '#libs/contracts';
import { readAppMetadata } from '#libs/clams';
import type { RegisteredApp, RegistryRepository } from '#libs/database';
import { type Control, missingParts, type NatsLink, provision, provisionApp } from '#libs/messaging';
import type { BatchMirror } from './batch-mirror.js';
import type { StreamPositions } from './stream-positions.js';

/** How the broker is set up: the ack wait in seconds, and how many servers of a cluster keep each stream. */
export interface BrokerSettings {
  readonly ackWait: number;
  readonly replicas: number;
}

/** Keeps the broker as the database says: streams, consumers of apps, and what workers have to know of apps and batches. */
export class AppRegistry {
  private control: Control | undefined;
  private openSlots = new Map<string, number>();
  /** The settings to which each app was brought last, as text. */
  private readonly mirrored = new Map<string, string>();
  private wanted: 'changes' | 'everything' | undefined;
  private round: Promise<void> | undefined;

  constructor(
    private readonly repository: RegistryRepository,
    private readonly positions: StreamPositions,
    private readonly batches: BatchMirror,
    private readonly link: NatsLink,
    readonly installation: string,
    private readonly broker: BrokerSettings,
  ) {}

  /** Slots of each usable app, over all workers; none of a paused one. */
  slots(): ReadonlyMap<string, number> {
    return this.openSlots;
  }

  /** Makes streams and buckets, then every app's consumer and settings; throws ProvisionError for a foreign server. */
  provisionAll(): Promise<void> {
    return this.bring('everything');
  }

  /** Makes apps usable that were registered since, and tells the workers of apps and batches that have changed. */
  provisionNew(): Promise<void> {
    return this.bring('changes');
  }

  /** Looks whether the server has lost anything, and makes it again; returns the names of what was missing. */
  async restore(): Promise<string[]> {
    const missing = await missingParts(this.link.connection, [...this.mirrored.keys()]);
    if (missing.length > 0) await this.provisionAll();
    return missing;
  }

  /** Calls during a round make one more follow it. */
  private bring(what: 'changes' | 'everything'): Promise<void> {
    if (this.wanted !== 'everything') this.wanted = what;
    this.round ??= this.rounds().finally(() => {
      this.round = undefined;
    });
    return this.round;
  }

  private async rounds(): Promise<void> {
    while (this.wanted) {
      const { wanted } = this;
      this.wanted = undefined;
      if (wanted === 'everything') await this.provisionStreams();
      // First, so that an app that cannot be provided keeps no cancellation from the workers.
      await this.batches.bring(this.control!);
      await this.mirrorApps();
    }
  }

  private async provisionStreams(): Promise<void> {
    const lastSequences = await this.positions.known();
    this.control = await provision(this.link.connection, this.installation, { ...this.broker, lastSequences });
    await this.positions.remember();
    this.mirrored.clear();
    this.batches.forget();
  }

  private async mirrorApps(): Promise<void> {
    const apps = await this.repository.apps();
    for (const app of apps) {
      const { ackWait } = this.broker;
      const control = appControl(app, this.installation, ackWait);
      const text = JSON.stringify(control);
      if (app.ready && this.mirrored.get(app.slug) === text) continue;
      const acknowledged = await this.positions.acknowledged(app.slug);
      await provisionApp(this.link.connection, app.slug, { concurrency: control.concurrency, ackWait, acknowledged });
      await this.control!.putApp(control);
      await this.repository.markReady(app.id);
      this.mirrored.set(app.slug, text);
    }
    this.openSlots = new Map(apps.map((app) => [app.slug, isClosed(app) ? 0 : slotsOf(app)]));
  }
}

/** The circuit breaker tries a paused app with one slot. */
const slotsOf = ({ probing, concurrency }: RegisteredApp): number => (probing ? 1 : concurrency);
const isClosed = ({ paused, probing }: RegisteredApp): boolean => paused && !probing;

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
    concurrency: slotsOf(app),
    paused: isClosed(app),
  };
}
