import { Injectable } from '@nestjs/common';
import { AppMetadataError } from '#libs/clams';
import type { AppHealthView, AppView } from '#libs/contracts';
import { AppBreakersRepository, AppHistoryRepository, AppsRepository, ExplainRepository } from '#libs/database';
import { ProblemError } from '../http/problem-error.js';
import { AppDescriber } from './app-describer.js';

const SECOND = 1000;
/** Who looks at an app's health does not want to wait for one that is busy. */
const LOOK = 3 * SECOND;
const SHOWN_ANSWERS = 20;

/** How an app does at this moment, and has done lately. */
@Injectable()
export class AppHealth {
  constructor(
    private readonly apps: AppsRepository,
    private readonly history: AppHistoryRepository,
    private readonly loads: ExplainRepository,
    private readonly breakers: AppBreakersRepository,
    private readonly describer: AppDescriber,
  ) {}

  /** Null when there is no such app. */
  async of(slug: string): Promise<AppHealthView | null> {
    const found = await this.apps.find(slug);
    if (!found) return null;
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
      answers: await this.history.lastAnswers(slug, SHOWN_ANSWERS),
      pace: paces.get(slug)!,
    };
  }

  private async reach({ slug, url, metadataSha256 }: AppView): Promise<AppHealthView['reachable']> {
    const begin = Date.now();
    const timed = () => ({ at: new Date(begin).toISOString(), seconds: (Date.now() - begin) / SECOND });
    try {
      const told = await this.describer.look(this.describer.allowed(url), LOOK);
      const changed = told.metadataSha256 !== metadataSha256;
      return { answers: true, ...timed(), sentence: answering(told.slug, slug, changed), changed };
    } catch (error) {
      if (!(error instanceof AppMetadataError || error instanceof ProblemError)) throw error;
      return { answers: false, ...timed(), sentence: silent(error), changed: null };
    }
  }
}

function answering(told: string, slug: string, changed: boolean): string {
  if (told !== slug) return `Another app answers at its address: ${told}.`;
  return changed ? 'It answers, and tells something else about itself than is known: refresh it.' : 'It answers.';
}

const silent = (error: AppMetadataError | ProblemError): string =>
  error instanceof ProblemError
    ? error.message
    : `It does not answer: ${error.message}. An app that is busy may answer after its work only.`;
