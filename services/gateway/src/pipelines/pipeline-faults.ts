import { type AppMetadata, orderFaults, parameterFaults, readAppMetadata } from '#libs/clams';
import { MAX_SLIP_BYTES, type Parameters } from '#libs/contracts';
import type { StageApp } from '#libs/database';
import { slipBytes } from './slip-size.js';

/** A stage as the user sent it. */
export interface GivenStage {
  /** Slug of its app. */
  readonly app: string;
  readonly parameters: Parameters;
}

/** A stage whose app is registered. */
export interface KnownStage {
  readonly app: StageApp;
  readonly metadata: AppMetadata;
  readonly parameters: Parameters;
}

/** The reason why a pipeline is refused, as the name of the problem. */
export type FaultKind =
  | 'unknown-app'
  | 'app-not-ready'
  | 'app-disabled'
  | 'incompatible-order'
  | 'invalid-parameters'
  | 'pipeline-too-large'
  | 'pipeline-archived';

/** A reason why a pipeline is refused, and its place in the body. */
export interface PipelineFault {
  readonly kind: FaultKind;
  readonly path: string;
  readonly message: string;
}

/**
 * Finds every reason to refuse a pipeline, apps before parameters, and the stages whose apps are registered. A wrong
 * order is a reason only if an app needs what only a later app writes; metadata may be incomplete, and a batch may start
 * from documents that already contain the rest, so other doubts are findings.
 */
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

/** How parameters are sent. A pipeline version keeps it, so that later changes to the app's metadata do not alter it. */
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
      message: `There is no app "${slug}". Register it first, or find its slug in the list of apps.`,
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
      message: `The scheduler has not set up "${slug}" yet. Try again in a few seconds; if that does not help, check that the scheduler is running.`,
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
  const message = `All stages together have ${bytes} bytes; at most ${MAX_SLIP_BYTES} are allowed. Shorten the longest parameters.`;
  return [{ kind: 'pipeline-too-large', path: 'stages', message }];
}
