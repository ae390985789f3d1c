import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { checkPipeline, sourceVocabulary } from '#libs/clams';
import type {
  newPipelineSchema,
  PipelineChanges,
  PipelineCheckView,
  PipelineDefinition,
  PipelineDiffView,
  PipelineVersionView,
  PipelineView,
} from '#libs/contracts';
import { AppsRepository, type NewPipelineRow, PipelinesRepository, type PageRange } from '#libs/database';
import { ProblemError, unknown } from '../http/problem-error.js';
import { diffSentences } from './diff-sentences.js';
import { diffStages } from './diff-stages.js';
import { examineStages, type FaultKind, frozen, type KnownStage, type PipelineFault } from './pipeline-faults.js';

type NewPipeline = z.output<typeof newPipelineSchema>;

const REFUSALS: Readonly<Record<FaultKind, { readonly status: number; readonly title: string }>> = {
  'unknown-app': { status: 422, title: 'No such app' },
  'app-not-ready': { status: 409, title: 'The app is not ready yet' },
  'app-disabled': { status: 409, title: 'The app is disabled' },
  'incompatible-order': { status: 422, title: 'The apps are in the wrong order' },
  'invalid-parameters': { status: 422, title: 'Invalid parameters' },
  'pipeline-too-large': { status: 422, title: 'The parameters are too long' },
  'pipeline-archived': { status: 409, title: 'The pipeline is archived' },
};

/** Saves, reads and compares pipelines. */
@Injectable()
export class PipelinesService {
  constructor(
    private readonly pipelines: PipelinesRepository,
    private readonly apps: AppsRepository,
  ) {}

  list(
    range: PageRange,
    filter: { readonly query: string | null; readonly archived: boolean | null },
  ): Promise<PipelineView[]> {
    return this.pipelines.list(range, filter);
  }

  /** Throws ProblemError for an unknown pipeline. */
  async versions(id: number, range: PageRange): Promise<PipelineVersionView[]> {
    await this.find(id);
    return this.pipelines.versions(id, range);
  }

  /** Changed stages create a new version, equal ones do not. Throws ProblemError for a pipeline that cannot run. */
  async save(given: NewPipeline, actor: string): Promise<{ created: boolean; pipeline: PipelineView }> {
    const { stages, faults } = await this.examine(given);
    refuse([...(await this.archivedFaults(given.name)), ...faults]);
    return this.pipelines.save(newRow(given, stages, actor));
  }

  /** Everything that saving would refuse, and findings; saves nothing. */
  async check(given: NewPipeline): Promise<PipelineCheckView> {
    const { stages, faults } = await this.examine(given);
    const all = [...(await this.archivedFaults(given.name)), ...faults];
    // Findings are about the order of apps, so all apps must be known.
    const isKnown = stages.length === given.stages.length;
    return { findings: isKnown ? findingsOf(stages) : [], errors: all.map(errorOf) };
  }

  /** Saves the stages of a version under another name; throws ProblemError if the name is taken. */
  async clone(
    id: number,
    { name, version }: { readonly name: string; readonly version?: number | undefined },
    actor: string,
  ): Promise<PipelineView> {
    const definition = { ...(await this.definition(id, version)), name };
    const { stages, faults } = await this.examine(definition);
    refuse(faults);
    const clone = await this.pipelines.create(newRow(definition, stages, actor));
    if (!clone) throw nameTaken(name);
    return clone;
  }

  /** A version in the form in which it can be saved again. */
  async definition(id: number, version?: number): Promise<PipelineDefinition> {
    const { name, description, stages } = await this.find(id, version);
    return { name, description, stages: stages.map(({ app, parameters }) => ({ app, parameters })) };
  }

  /** Renames, describes, archives or restores a pipeline. */
  async change(id: number, changes: PipelineChanges, actor: string): Promise<PipelineView> {
    const change = await this.pipelines.change(id, changes, actor);
    switch (change.result) {
      case 'changed':
        return change.pipeline;
      case 'unknown-pipeline':
        throw unknown('pipeline', id);
      case 'name-taken':
        throw nameTaken(changes.name!);
    }
  }

  /** Compares two versions: by default the newest one and the one before it. */
  async diff(
    id: number,
    { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
  ): Promise<PipelineDiffView> {
    const newer = await this.find(id, to);
    const older = await this.find(id, from ?? Math.max(newer.version - 1, 1));
    const stages = diffStages(older.stages, newer.stages);
    return { from: older.version, to: newer.version, stages, sentences: diffSentences(stages, older, newer) };
  }

  /** A version of a pipeline, by default the newest one; throws ProblemError if there is none. */
  async find(id: number, version?: number): Promise<PipelineView> {
    const pipeline = await this.pipelines.find(id);
    if (!pipeline) throw unknown('pipeline', id);
    if (version === undefined || version === pipeline.version) return pipeline;
    const found = await this.pipelines.findVersion(id, version);
    if (found) return found;
    throw new ProblemError(
      404,
      'unknown-pipeline-version',
      'No such version of the pipeline',
      `"${pipeline.name}" has no version ${version}. Its versions are 1 to ${pipeline.version}.`,
    );
  }

  private async examine({ stages }: Pick<NewPipeline, 'stages'>) {
    return examineStages(stages, await this.apps.bySlugs(stages.map(({ app }) => app)));
  }

  private async archivedFaults(name: string): Promise<PipelineFault[]> {
    if ((await this.pipelines.isArchived(name)) !== true) return [];
    const message = `"${name}" is archived. Restore it first (archived: false), or use another name.`;
    return [{ kind: 'pipeline-archived', path: 'name', message }];
  }
}

const errorOf = ({ path, message }: PipelineFault) => ({ path, message });

function refuse(faults: readonly PipelineFault[]): void {
  const [first, ...others] = faults;
  if (!first) return;
  const { status, title } = REFUSALS[first.kind];
  const more = others.length > 0 ? ` (and ${others.length} more, see errors)` : '';
  throw new ProblemError(status, first.kind, title, `${first.message}${more}`, faults.map(errorOf));
}

const nameTaken = (name: string) =>
  new ProblemError(
    409,
    'pipeline-name-taken',
    'The name is taken',
    `A pipeline "${name}" already exists; it may be archived. Choose another name.`,
  );

const findingsOf = (stages: readonly KnownStage[]) =>
  checkPipeline(stages.map(({ app, metadata }) => ({ name: app.slug, metadata })));

const newRow = (
  { name, description }: Pick<NewPipeline, 'name' | 'description'>,
  stages: readonly KnownStage[],
  createdBy: string,
): NewPipelineRow => ({
  name,
  description,
  stages: stages.map((stage) => ({ appId: stage.app.id, ...frozen(stage) })),
  sourceVocabulary: sourceVocabulary(stages.map(({ metadata }) => metadata)),
  findings: findingsOf(stages),
  createdBy,
});
