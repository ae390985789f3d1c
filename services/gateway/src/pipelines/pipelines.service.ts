import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { MAX_SLIP_BYTES, type newPipelineSchema, type Parameters, type PipelineView } from '#libs/contracts';
import { AppsRepository, PipelinesRepository, type StageApp } from '#libs/database';
import { type AppMetadata, checkPipeline, parameterFaults, readAppMetadata, sourceVocabulary } from '#libs/clams';
import { ProblemError } from '../http/problem-error.js';
import { slipBytes } from './slip-size.js';

interface Stage {
  readonly app: StageApp;
  readonly metadata: AppMetadata;
  readonly parameters: Parameters;
}

/** Saves pipelines that can run. */
@Injectable()
export class PipelinesService {
  constructor(
    private readonly pipelines: PipelinesRepository,
    private readonly apps: AppsRepository,
  ) {}

  /** Stages that differ make a new version, the same ones do not; throws ProblemError for what cannot run. */
  async save({
    name,
    description,
    stages: given,
  }: z.output<typeof newPipelineSchema>): Promise<{ created: boolean; pipeline: PipelineView }> {
    const apps = await this.apps.bySlugs(given.map(({ app }) => app));
    const stages = given.map(({ app: slug, parameters }) => {
      const app = usable(slug, apps.get(slug));
      return { app, metadata: readAppMetadata(app.metadata), parameters };
    });
    checkParameters(stages);
    checkSize(stages);
    return this.pipelines.save({
      name,
      description,
      stages: stages.map((stage) => ({ appId: stage.app.id, ...frozen(stage) })),
      sourceVocabulary: sourceVocabulary(stages.map(({ metadata }) => metadata)),
      findings: checkPipeline(stages.map(({ app, metadata }) => ({ name: app.slug, metadata }))),
    });
  }
}

/** What later changes of an app's metadata must not alter in a batch: how its parameters are sent. */
function frozen({ metadata, parameters }: Stage) {
  const set = metadata.parameters.filter(({ name }) => name in parameters);
  return {
    parameters,
    types: Object.fromEntries(set.map(({ name, type }) => [name, type])),
    mmifVersion: metadata.mmifVersion,
  };
}

function usable(slug: string, app: StageApp | undefined): StageApp {
  if (!app)
    throw new ProblemError(
      422,
      'unknown-app',
      'No such app',
      `There is no app "${slug}". Register it first, or use the slug of one in the list of apps.`,
    );
  if (!app.ready)
    throw new ProblemError(
      409,
      'app-not-ready',
      'The app is not ready yet',
      `"${slug}" is being made ready by the scheduler. Try again in a moment; if that does not help, check that the scheduler is running.`,
    );
  return app;
}

function checkParameters(stages: readonly Stage[]): void {
  const errors = stages.flatMap(({ app, metadata, parameters }, index) =>
    parameterFaults(app.slug, parameters, metadata.parameters).map((message) => ({
      path: `stages.${index}.parameters`,
      message,
    })),
  );
  const [first, ...others] = errors;
  if (!first) return;
  const more = others.length > 0 ? ` (and ${others.length} more, see errors)` : '';
  throw new ProblemError(422, 'invalid-parameters', 'Parameters do not fit', `${first.message}${more}`, errors);
}

function checkSize(stages: readonly Stage[]): void {
  const bytes = slipBytes(
    stages.map((stage) => {
      const { types, mmifVersion } = frozen(stage);
      const { slug, deadlineSeconds } = stage.app;
      const version = mmifVersion === null ? {} : { mmifVersion };
      return { app: slug, parameters: stage.parameters, types, ...version, deadline: deadlineSeconds };
    }),
  );
  if (bytes <= MAX_SLIP_BYTES) return;
  throw new ProblemError(
    422,
    'pipeline-too-large',
    'The parameters are too long',
    `All stages together take ${bytes} bytes of at most ${MAX_SLIP_BYTES}. Shorten the longest parameters.`,
  );
}
