import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppMetadataError, parseAppMetadata, readAppMetadata } from '#libs/clams';
import { appSlug, isToken } from '#libs/contracts';
import { type AppDescription, OpenTransactions } from '#libs/database';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { ProblemError } from '../http/problem-error.js';
import { unstorablePath } from '../http/unstorable-path.js';
import { AppMetadataSource } from '../ports.js';

/** The metadata of an app, and the names derived from it. */
export interface DescribedApp extends AppDescription {
  readonly slug: string;
  readonly name: string;
  readonly version: string;
}

/** Fetches the metadata of CLAMS apps from allowed hosts. */
@Injectable()
export class AppDescriber {
  constructor(
    private readonly source: AppMetadataSource,
    private readonly transactions: OpenTransactions,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** The URL of an app in the form that is stored; throws ProblemError if its host is not allowed. */
  allowedUrl(givenUrl: string): string {
    const url = new URL(givenUrl);
    if (!this.config.APP_HOSTS.includes(url.hostname))
      throw new ProblemError(
        422,
        'app-host-not-allowed',
        'Host not allowed for apps',
        `Add ${url.hostname} to APP_HOSTS of the gateway, or run the app on one of ${this.config.APP_HOSTS.join(', ')}.`,
      );
    if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
      throw noApp(url.origin, 'the URL of an app must not contain a user, query or fragment');
    return url.href.replace(/\/$/, '');
  }

  /** Throws ProblemError if no CLAMS app responds at the URL. */
  async describe(url: string): Promise<DescribedApp> {
    try {
      return describedBy(await this.fetch(url));
    } catch (error) {
      if (error instanceof AppMetadataError) throw noApp(url, error.message);
      throw error;
    }
  }

  /** Throws AppMetadataError with the reason if no CLAMS app responds within the deadline, in milliseconds. */
  async probe(url: string, deadline: number): Promise<DescribedApp> {
    return describedBy(await this.fetch(url, deadline));
  }

  /** An app that never answers must not hold a connection of Postgres. */
  private fetch(url: string, deadline?: number): Promise<string> {
    this.transactions.refuse('fetch the metadata of an app');
    return this.source.fetch(url, deadline);
  }
}

function describedBy(metadataText: string): DescribedApp {
  const metadata = parseAppMetadata(metadataText);
  const { name, version, identifier } = readAppMetadata(metadata);
  const slug = appSlug(name, version);
  if (!isToken(slug)) throw new AppMetadataError('its name has no letters or digits');
  const path = unstorablePath(metadata);
  if (path) throw new AppMetadataError(`its "${path.join('.')}" contains a NUL character or half a surrogate pair`);
  const metadataSha256 = createHash('sha256').update(metadataText).digest('hex');
  return { slug, name, version, identifier, metadata: metadata as object, metadataText, metadataSha256 };
}

const noApp = (url: string, reason: string) =>
  new ProblemError(
    422,
    'no-app',
    'No CLAMS app responds at this URL',
    `${url} did not return the metadata of a CLAMS app: ${reason}. Check the URL, and check that the app is running.`,
  );
