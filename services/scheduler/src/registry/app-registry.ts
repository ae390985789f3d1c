import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import type { AppControl } from '#libs/contracts';
import { readAppMetadata } from '#libs/clams';
import { type RegisteredApp, RegistryRepository } from '#libs/database';
import { type Control, missingParts, NatsLink, provision, provisionApp, StoreLimits } from '#libs/messaging';
import { AppDurations } from '../admission/app-durations.js';
import { SchedulerSettings } from '../scheduler-settings.js';
import { BatchMirror } from './batch-mirror.js';
import { StreamPositions } from './stream-positions.js';
import { typicalSeconds } from './typical-seconds.js';

@Injectable()
export class AppRegistryParts {
  @Inject() readonly repository!: RegistryRepository;
  @Inject() readonly positions!: StreamPositions;
  @Inject() readonly batches!: BatchMirror;
  @Inject() readonly durations!: AppDurations;
  @Inject() readonly link!: NatsLink;
  @Inject() readonly settings!: SchedulerSettings;
}

/** Mirrors Postgres in the broker: streams, the consumers of apps, and the settings of apps and batches for workers. */
@Injectable()
export class AppRegistry {
  private control: Control | undefined;
  private openSlots = new Map<string, number>();
  /** The settings last written for each app. */
  private readonly mirrored = new Map<string, AppControl>();
  private wanted: 'changes' | 'everything' | undefined;
  private round: Promise<void> | undefined;
  private readonly limits: StoreLimits;

  constructor(private readonly parts: AppRegistryParts) {
    this.limits = new StoreLimits(parts.settings.storeBytes);
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
    const missing = await missingParts(this.parts.link.connection, [...this.mirrored.keys()]);
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
      await this.parts.batches.update(this.control!);
      await this.mirrorApps();
    }
  }

  private async provisionStreams(): Promise<void> {
    const { positions, batches, link, settings } = this.parts;
    const { installation, replicas } = settings;
    const lastSequences = await positions.known();
    this.control = await provision(link.connection, installation, {
      replicas,
      lastSequences,
      limits: this.limits,
    });
    await positions.remember();
    this.mirrored.clear();
    batches.forget();
  }

  private async mirrorApps(): Promise<void> {
    const { repository, positions, durations, link, settings } = this.parts;
    const { ackWait } = settings;
    const apps = await repository.apps();
    for (const app of apps) {
      const known = this.mirrored.get(app.slug);
      const typical = typicalSeconds(known?.typicalSeconds, durations.all().get(app.slug));
      const control = appControl(app, settings, typical);
      if (app.ready && isDeepStrictEqual(known, control)) continue;
      const acknowledged = await positions.acknowledged(app.slug);
      await provisionApp(link.connection, app.slug, { concurrency: control.concurrency, ackWait, acknowledged });
      await this.control!.putApp(control);
      await repository.markReady(app.id);
      this.mirrored.set(app.slug, control);
    }
    this.openSlots = new Map(apps.map((app) => [app.slug, isClosed(app) ? 0 : slotsOf(app)]));
  }
}

/** The circuit breaker probes a paused app with one slot. */
const slotsOf = ({ probing, concurrency }: RegisteredApp): number => (probing ? 1 : concurrency);
const isClosed = ({ paused, probing }: RegisteredApp): boolean => paused && !probing;

/** The settings of an app for workers. */
function appControl(
  app: RegisteredApp,
  { installation, ackWait }: SchedulerSettings,
  typical: number | undefined,
): AppControl {
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
    ...(typical === undefined ? {} : { typicalSeconds: typical }),
  };
}
