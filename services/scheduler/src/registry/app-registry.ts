import { Injectable } from '@nestjs/common';
import type { AppControl } from '#libs/contracts';
import { readAppMetadata } from '#libs/clams';
import { type RegisteredApp, RegistryRepository } from '#libs/database';
import { type Control, missingParts, NatsLink, provision, provisionApp, StoreLimits } from '#libs/messaging';
import { SchedulerSettings } from '../scheduler-settings.js';
import { BatchMirror } from './batch-mirror.js';
import { StreamPositions } from './stream-positions.js';

/** Mirrors Postgres in the broker: streams, the consumers of apps, and the settings of apps and batches for workers. */
@Injectable()
export class AppRegistry {
  private control: Control | undefined;
  private openSlots = new Map<string, number>();
  /** The settings last written for each app, as JSON. */
  private readonly mirrored = new Map<string, string>();
  private wanted: 'changes' | 'everything' | undefined;
  private round: Promise<void> | undefined;
  private readonly limits: StoreLimits;

  constructor(
    private readonly repository: RegistryRepository,
    private readonly positions: StreamPositions,
    private readonly batches: BatchMirror,
    private readonly link: NatsLink,
    private readonly settings: SchedulerSettings,
  ) {
    this.limits = new StoreLimits(settings.storeBytes);
  }

  /** A sentence when the limits of the streams are smaller than usual; null otherwise. */
  storeNotice(): string | null {
    return this.limits.notice;
  }

  /** Slots of each usable app, over all workers; 0 for a paused app. */
  slots(): ReadonlyMap<string, number> {
    return this.openSlots;
  }

  /** Creates streams and buckets, then the consumer and settings of every app; throws ProvisionError on a foreign server. */
  provisionAll(): Promise<void> {
    return this.provision('everything');
  }

  /** Makes new apps usable, and writes the settings of apps and batches that have changed. */
  provisionNew(): Promise<void> {
    return this.provision('changes');
  }

  /** Recreates what the server has lost; returns the names of what was missing. */
  async restore(): Promise<string[]> {
    const missing = await missingParts(this.link.connection, [...this.mirrored.keys()]);
    if (missing.length > 0) await this.provisionAll();
    return missing;
  }

  /** Any number of calls during a round lead to one more round. */
  private provision(what: 'changes' | 'everything'): Promise<void> {
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
      // Before the apps: an app that cannot be provisioned must not hide a cancellation from the workers.
      await this.batches.update(this.control!);
      await this.mirrorApps();
    }
  }

  private async provisionStreams(): Promise<void> {
    const { installation, replicas } = this.settings;
    const lastSequences = await this.positions.known();
    this.control = await provision(this.link.connection, installation, {
      replicas,
      lastSequences,
      limits: this.limits,
    });
    await this.positions.remember();
    this.mirrored.clear();
    this.batches.forget();
  }

  private async mirrorApps(): Promise<void> {
    const { installation, ackWait } = this.settings;
    const apps = await this.repository.apps();
    for (const app of apps) {
      const control = appControl(app, installation, ackWait);
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

/** The circuit breaker probes a paused app with one slot. */
const slotsOf = ({ probing, concurrency }: RegisteredApp): number => (probing ? 1 : concurrency);
const isClosed = ({ paused, probing }: RegisteredApp): boolean => paused && !probing;

/** The settings of an app for workers. `ackWait` is in seconds. */
function appControl(app: RegisteredApp, installation: string, ackWait: number): AppControl {
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
