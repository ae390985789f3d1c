import { Injectable } from '@nestjs/common';
import { AppMetadataError } from '#libs/clams';
import type { AppHealthView, AppView } from '#libs/contracts';
import { AppBreakersRepository, AppHistoryRepository, AppsRepository, ExplainRepository } from '#libs/database';
import { Stopwatch } from '#libs/runtime';
import { ProblemError, unknown } from '../http/problem-error.js';
import { AppDescriber } from './app-describer.js';

const SECOND = 1000;
/** A busy app may respond only after its work; the user should not wait that long. */
const PROBE_DEADLINE = 3 * SECOND;
const SHOWN_CALLS = 20;

/**
 * Current and recent state of an app. Metadata alone does not prove that an app works: it shows whether the app responds
 * within 3 s. A busy app may respond only after its work, so the results of its last calls are included.
 */
@Injectable()
export class AppHealth {
  constructor(
    private readonly apps: AppsRepository,
    private readonly history: AppHistoryRepository,
    private readonly loads: ExplainRepository,
    private readonly breakers: AppBreakersRepository,
    private readonly describer: AppDescriber,
  ) {}

  /** Throws ProblemError for an unknown app. */
  async of(slug: string): Promise<AppHealthView> {
    const found = await this.apps.find(slug);
    if (!found) throw unknown('app', slug);
    const { paused, concurrency } = found.app;
    const reachable = await this.reach(found.app);
    const load = await this.loads.app(slug);
    const breaker = await this.breakers.find(slug);
    const paces = await this.history.paces([slug]);
    return {
      slug,
      reachable,
      paused,
      breaker: breaker && {
        fingerprint: breaker.fingerprint,
        trips: breaker.trips,
        probeAt: new Date(breaker.probeAt).toISOString(),
        probing: breaker.probing,
      },
      concurrency,
      queued: load?.queued ?? 0,
      running: load?.running ?? 0,
      answers: await this.history.lastAnswers(slug, SHOWN_CALLS),
      pace: paces.get(slug)!,
    };
  }

  private async reach({ slug, url, metadataSha256 }: AppView): Promise<AppHealthView['reachable']> {
    const at = new Date().toISOString();
    const watch = new Stopwatch();
    const timed = () => ({ at, seconds: watch.elapsed() / SECOND });
    try {
      const found = await this.describer.probe(this.describer.allowedUrl(url), PROBE_DEADLINE);
      const changed = found.metadataSha256 !== metadataSha256;
      return { answers: true, ...timed(), sentence: answering(found.slug, slug, changed), changed };
    } catch (error) {
      if (!(error instanceof AppMetadataError || error instanceof ProblemError)) throw error;
      return { answers: false, ...timed(), sentence: silent(error), changed: null };
    }
  }
}

function answering(found: string, slug: string, changed: boolean): string {
  if (found !== slug) return `A different app responds at this URL: ${found}.`;
  return changed ? 'The app responds, but its metadata has changed. Refresh it.' : 'The app responds.';
}

const silent = (error: AppMetadataError | ProblemError): string =>
  error instanceof ProblemError
    ? error.message
    : `The app does not respond: ${error.message}. A busy app may respond only after its work.`;
