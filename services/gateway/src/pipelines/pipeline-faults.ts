import { type AppMetadata, orderFaults, parameterFaults, readAppMetadata } from '#libs/clams';
import { MAX_SLIP_BYTES, type Parameters } from '#libs/contracts';
import type { StageApp } from '#libs/database';
import { slipBytes } from './slip-size.js';

/** A stage as its author gives it. */
export interface GivenStage {
  /** Slug of its app. */
  readonly app: string;
  readonly parameters: Parameters;
}

/** A stage whose app is known. */
export interface KnownStage {
  readonly app: StageApp;
  readonly metadata: AppMetadata;
  readonly parameters: Parameters;
}

/** Why a pipeline is refused; the name of its problem. */
export type FaultKind =
  | 'unknown-app'
  | 'app-not-ready'
  | 'app-disabled'
  | 'incompatible-order'
  | 'invalid-parameters'
  | 'pipeline-too-large'
  | 'pipeline-archived';

/** Something for which a pipeline is refused, and its place in the body. */
export interface PipelineFault {
  readonly kind: FaultKind;
  readonly path: string;
  readonly message: string;
}

/** What a pipeline would be refused for, apps before parameters; and its stages as far as their apps are known. */
export function examineStages(
  given: readonly GivenStage[],
  apps: ReadonlyMap<string, StageApp>,
): { readonly stages: readonly KnownStage[]; readonly faults: readonly PipelineFault[] } {
  const stages = given.flatMap(({ app: slug, parameters }, index) => {
    const app = apps.get(slug);
    return app ? [{ index, app, metadata: readAppMetadata(app.metadata), parameters }] : [];
  });
  const faults = [
    ...given.flatMap(({ app }, index) => appFault(app, apps.get(app), `stages.${index}.app`) ?? []),
    ...(stages.length === given.length ? orderFaultsOf(stages) : []),
    ...stages.flatMap(({ index, app, metadata, parameters }) =>
      parameterFaults(app.slug, parameters, metadata.parameters).map(({ parameter, sentence }) => ({
        kind: 'invalid-parameters' as const,
        path: `stages.${index}.parameters.${parameter}`,
        message: sentence,
      })),
    ),
    ...sizeFaults(stages),
  ];
  return { stages, faults };
}

/** What later changes of an app's metadata must not alter in a batch: how its parameters are sent. */
export function frozen({ metadata, parameters }: KnownStage) {
  const set = metadata.parameters.filter(({ name }) => name in parameters);
  return {
    parameters,
    types: Object.fromEntries(set.map(({ name, type }) => [name, type])),
    mmifVersion: metadata.mmifVersion,
  };
}

const orderFaultsOf = (stages: readonly KnownStage[]): PipelineFault[] =>
  orderFaults(stages.map(({ app, metadata }) => ({ name: app.slug, metadata }))).map(({ stage, sentence }) => ({
    kind: 'incompatible-order',
    path: `stages.${stage}.app`,
    message: sentence,
  }));

function appFault(slug: string, app: StageApp | undefined, path: string): PipelineFault | null {
  if (!app)
    return {
      kind: 'unknown-app',
      path,
      message: `There is no app "${slug}". Register it first, or use the slug of one in the list of apps.`,
    };
  if (!app.enabled)
    return {
      kind: 'app-disabled',
      path,
      message: `"${slug}" is disabled. Enable it, or use another version of it.`,
    };
  if (!app.ready)
    return {
      kind: 'app-not-ready',
      path,
      message: `"${slug}" is being made ready by the scheduler. Try again in a moment; if that does not help, check that the scheduler is running.`,
    };
  return null;
}

function sizeFaults(stages: readonly KnownStage[]): PipelineFault[] {
  const bytes = slipBytes(
    stages.map((stage) => {
      const { types, mmifVersion } = frozen(stage);
      const { slug, deadlineSeconds } = stage.app;
      const version = mmifVersion === null ? {} : { mmifVersion };
      return { app: slug, parameters: stage.parameters, types, ...version, deadline: deadlineSeconds };
    }),
  );
  if (bytes <= MAX_SLIP_BYTES) return [];
  const message = `All stages together take ${bytes} bytes of at most ${MAX_SLIP_BYTES}. Shorten the longest parameters.`;
  return [{ kind: 'pipeline-too-large', path: 'stages', message }];
}
