import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppMetadataError, parseAppMetadata, readAppMetadata } from '#libs/clams';
import { appSlug, isToken } from '#libs/contracts';
import type { AppDescription } from '#libs/database';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { ProblemError } from '../http/problem-error.js';
import { unstorablePath } from '../http/unstorable-path.js';
import { AppMetadataSource } from './app-metadata.js';

/** What an app tells about itself, and the names that follow from it. */
export interface DescribedApp extends AppDescription {
  readonly slug: string;
  readonly name: string;
  readonly version: string;
}

/** Asks CLAMS apps about themselves, at the addresses where apps may be. */
@Injectable()
export class AppDescriber {
  constructor(
    private readonly source: AppMetadataSource,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** An address in the form in which it is kept; throws ProblemError where no app may be. */
  allowed(givenUrl: string): string {
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

  /** Throws ProblemError when no CLAMS app answers there. */
  async describe(url: string): Promise<DescribedApp> {
    try {
      return describedBy(await this.source.fetch(url));
    } catch (error) {
      if (error instanceof AppMetadataError) throw noApp(url, error.message);
      throw error;
    }
  }

  /** Throws AppMetadataError with the reason when no CLAMS app answers within so many milliseconds. */
  async look(url: string, deadline: number): Promise<DescribedApp> {
    return describedBy(await this.source.fetch(url, deadline));
  }
}

function describedBy(metadataText: string): DescribedApp {
  const metadata = parseAppMetadata(metadataText);
  const { name, version, identifier } = readAppMetadata(metadata);
  const slug = appSlug(name, version);
  if (!isToken(slug)) throw new AppMetadataError('its name has no letter or digit');
  const path = unstorablePath(metadata);
  if (path) throw new AppMetadataError(`its "${path.join('.')}" holds a NUL or half a surrogate pair`);
  const metadataSha256 = createHash('sha256').update(metadataText).digest('hex');
  return { slug, name, version, identifier, metadata: metadata as object, metadataText, metadataSha256 };
}

const noApp = (url: string, reason: string) =>
  new ProblemError(
    422,
    'no-app',
    'No CLAMS app answers there',
    `${url} did not tell the metadata of a CLAMS app: ${reason}. Check the address, and that the app is running.`,
  );
