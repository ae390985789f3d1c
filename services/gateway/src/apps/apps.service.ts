import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { appSlug, isToken, jobSubject, type newAppSchema, type RegisteredAppView } from '#libs/contracts';
import { AppMetadataError, metadataChanges, parseAppMetadata, readAppMetadata } from '#libs/clams';
import { AppsRepository } from '#libs/database';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { ProblemError } from '../http/problem-error.js';
import { WakeUps } from '../wake-ups.js';
import { AppMetadataSource } from './app-metadata.js';

/** Registers CLAMS apps by what they say about themselves. */
@Injectable()
export class AppsService {
  constructor(
    private readonly repository: AppsRepository,
    private readonly source: AppMetadataSource,
    private readonly wakeUps: WakeUps,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** The same app at the same address again is brought up to date; throws ProblemError for what is no app. */
  async register({
    url: givenUrl,
    concurrency,
    deadlineSeconds,
  }: z.output<typeof newAppSchema>): Promise<{ created: boolean; app: RegisteredAppView }> {
    const url = this.allowed(givenUrl);
    const { metadata, metadataText, name, version, identifier } = await this.describe(url);
    const slug = appSlug(name, version);
    if (!isToken(slug)) throw noApp(url, 'its name has no letter or digit');
    const registration = await this.repository.register({
      slug,
      name,
      version,
      identifier,
      url,
      metadata,
      metadataText,
      metadataSha256: createHash('sha256').update(metadataText).digest('hex'),
      concurrency,
      deadlineSeconds,
    });
    if (registration.result === 'elsewhere')
      throw new ProblemError(
        409,
        'app-registered-elsewhere',
        'The app is registered at another address',
        `${name} ${version} is registered at ${registration.url}. Use that one, or give this one another version.`,
      );
    if (!registration.app.ready) this.wakeUps.wake(jobSubject('apps', 'registered'));
    const created = registration.result === 'created';
    const changes = created ? [] : metadataChanges(registration.before, metadata);
    return { created, app: { ...registration.app, changes } };
  }

  private allowed(givenUrl: string): string {
    const url = new URL(givenUrl);
    if (!this.config.APP_HOSTS.includes(url.hostname))
      throw new ProblemError(
        422,
        'app-host-not-allowed',
        'Apps may not be on this host',
        `Add ${url.hostname} to APP_HOSTS of the gateway, or run the app on one of ${this.config.APP_HOSTS.join(', ')}.`,
      );
    if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
      throw noApp(url.origin, 'an address of an app has no user, query or fragment');
    return url.href.replace(/\/$/, '');
  }

  private async describe(url: string) {
    try {
      const metadataText = await this.source.fetch(url);
      const metadata = parseAppMetadata(metadataText);
      const { name, version, identifier } = readAppMetadata(metadata);
      return { metadata: metadata as object, metadataText, name, version, identifier };
    } catch (error) {
      if (error instanceof AppMetadataError) throw noApp(url, error.message);
      throw error;
    }
  }
}

const noApp = (url: string, reason: string) =>
  new ProblemError(
    422,
    'no-app',
    'No CLAMS app answers there',
    `${url} did not tell the metadata of a CLAMS app: ${reason}. Check the address, and that the app is running.`,
  );
