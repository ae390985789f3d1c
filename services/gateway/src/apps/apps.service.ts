import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { metadataChanges, parameterFaults, readAppMetadata } from '#libs/clams';
import {
  type AppChanges,
  type AppDetailView,
  type AppView,
  jobSubject,
  type newAppSchema,
  type RefreshedAppView,
  type RegisteredAppView,
} from '#libs/contracts';
import { AppsRepository, PipelinesRepository, type PageRange } from '#libs/database';
import { ProblemError, unknown } from '../http/problem-error.js';
import { WakeUps } from '../ports.js';
import { appDetail } from './app-detail.js';
import { AppDescriber, type DescribedApp } from './app-describer.js';
import type { PrefetchedApp } from './prefetched-app.guard.js';

/** Pipeline stages that are checked against the new metadata of an app. */
const CHECKED_STAGES = 200;

/** Registers CLAMS apps by their metadata, and changes their settings. */
@Injectable()
export class AppsService {
  constructor(
    private readonly repository: AppsRepository,
    private readonly pipelines: PipelinesRepository,
    private readonly describer: AppDescriber,
    private readonly wakeUps: WakeUps,
  ) {}

  list(range: PageRange): Promise<AppView[]> {
    return this.repository.list(range);
  }

  /** Throws ProblemError for an unknown app. */
  async find(slug: string): Promise<AppDetailView> {
    const found = await this.repository.find(slug);
    if (!found) throw unknown('app', slug);
    return appDetail(found.app, found.metadata);
  }

  /** Registers an app, or updates it if it is registered at this URL; throws ProblemError if no app responds there. */
  async register(
    { url: givenUrl, concurrency, deadlineSeconds }: z.output<typeof newAppSchema>,
    actor: string,
    prefetched?: PrefetchedApp,
  ): Promise<{ created: boolean; app: RegisteredAppView }> {
    const url = this.describer.allowedUrl(givenUrl);
    const described = await this.describe(url, prefetched);
    const registration = await this.repository.register({
      ...described,
      url,
      concurrency,
      deadlineSeconds,
      registeredBy: actor,
    });
    if (registration.result === 'elsewhere')
      throw new ProblemError(
        409,
        'app-registered-elsewhere',
        'The app is registered at another URL',
        `${described.name} ${described.version} is registered at ${registration.url}. Use that one, or give this one another version.`,
      );
    if (!registration.app.ready) this.wake();
    const created = registration.result === 'created';
    const changes = created ? [] : metadataChanges(registration.before, described.metadata);
    return { created, app: { ...registration.app, changes } };
  }

  /** Fetches the metadata again. Saved pipeline versions do not change. Throws ProblemError if a different app responds. */
  async refresh(
    slug: string,
    { dryRun }: { readonly dryRun: boolean },
    { actor, prefetched }: { readonly actor: string; readonly prefetched?: PrefetchedApp | undefined },
  ): Promise<RefreshedAppView> {
    const known = await this.repository.find(slug);
    if (!known) throw unknown('app', slug);
    const { url } = known.app;
    const described = await this.describe(this.describer.allowedUrl(url), prefetched);
    if (described.slug !== slug)
      throw new ProblemError(
        409,
        'another-app',
        'A different app responds at this URL',
        `${url} is now ${described.name} ${described.version}. Register it as a new app; ${slug} is unchanged.`,
      );
    const pipelines = await this.unsavable(slug, described.metadata);
    if (dryRun)
      return { dryRun, app: known.app, changes: metadataChanges(known.metadata, described.metadata), pipelines };
    const refreshed = await this.repository.refresh(slug, described, actor);
    if (!refreshed) throw unknown('app', slug);
    if (!refreshed.app.ready) this.wake();
    return { dryRun, app: refreshed.app, changes: metadataChanges(refreshed.before, described.metadata), pipelines };
  }

  /** Changes settings of an app; omitted settings stay. */
  async change(slug: string, changes: AppChanges, actor: string): Promise<AppView> {
    const app = await this.repository.change(slug, changes, actor);
    if (!app) throw unknown('app', slug);
    this.wake();
    return app;
  }

  /** A command with a key runs in a transaction; its metadata was fetched before. */
  private describe(url: string, prefetched: PrefetchedApp | undefined): Promise<DescribedApp> {
    return prefetched?.url === url ? prefetched.described : this.describer.describe(url);
  }

  /** Pipelines that could not be saved again with the new metadata, and why. */
  private async unsavable(slug: string, metadata: object): Promise<string[]> {
    const { parameters: declared } = readAppMetadata(metadata);
    const settings = await this.pipelines.settingsOf(slug, CHECKED_STAGES);
    const faults = settings.flatMap(({ pipeline, parameters }) =>
      parameterFaults(slug, parameters, declared).map(
        ({ sentence }) => `"${pipeline}" could not be saved again: ${sentence}`,
      ),
    );
    return [...new Set(faults)];
  }

  private wake(): void {
    this.wakeUps.wake(jobSubject('apps', 'registered'));
  }
}
