import type { Command } from 'commander';
import { pipelineDefinitionSchema, pipelineDiffSchema, pipelineSchema, pipelineVersionSchema } from '#libs/contracts';
import type { Answer } from '../connection/api.js';
import { CliError } from '../exit-codes.js';
import { writePipelineFile } from '../files/pipeline-file.js';
import { understood } from '../output/output.js';
import { momentOf } from '../output/words.js';
import { pages, pathWith, type Runner, type Session, showList } from '../session.js';
import { positive, withExamples } from './arguments.js';
import { addPipelineSaving } from './pipeline-save.js';
import { diffLines, pipelineLines } from './pipeline-words.js';

interface DiffOptions {
  readonly from?: number;
  readonly to?: number;
}

/** `chowda pipelines`: named lists of apps, kept as numbered versions. */
export function addPipelineCommands(program: Command, run: Runner): void {
  const pipelines = program
    .command('pipelines')
    .description('pipelines: create, list, show, versions, diff, export, clone, archive');
  addPipelineSaving(pipelines, run);
  addReading(pipelines, run);
  addVersions(pipelines, run);
  withExamples(
    pipelines
      .command('clone')
      .argument('<pipeline>', 'its name or id')
      .argument('<name>', 'name of the new one')
      .description('makes another pipeline of the newest version of one')
      .action(
        run(async (session, [pipeline, name]) => {
          const path = `/api/pipelines/${await pipelineId(session, pipeline!)}/clone`;
          const answer = await session.api.send('POST', path, { json: { name } });
          await session.output.show(answer, pipelineSchema, pipelineLines);
        }),
      ),
    'pipelines clone Text "Text, finer"',
  );
  withExamples(
    pipelines
      .command('archive')
      .argument('<pipeline>', 'its name or id')
      .description('takes a pipeline out of the list; batches that have it go on')
      .option('--undo', 'bring it back')
      .action(
        run<{ undo?: boolean }>(async (session, [pipeline], { undo = false }) => {
          const path = `/api/pipelines/${await pipelineId(session, pipeline!, true)}`;
          const answer = await session.api.send('PATCH', path, { json: { archived: !undo } });
          await session.output.show(answer, pipelineSchema, pipelineLines);
        }),
      ),
    'pipelines archive Text',
    'pipelines archive Text --undo',
  );
}

function addReading(pipelines: Command, run: Runner): void {
  withExamples(
    pipelines
      .command('list')
      .description('lists the pipelines, each with its newest version')
      .option('--query <text>', 'only those whose name has this')
      .option('--archived', 'those that are archived')
      .action(
        run<{ query?: string; archived?: boolean }>(async (session, _args, query) => {
          const path = pathWith('/api/pipelines', { ...query });
          await showList(session, { path, item: pipelineSchema, none: 'No pipelines: create one.' }, [
            { title: 'Id', of: ({ id }) => id },
            { title: 'Name', of: ({ name }) => name },
            { title: 'Version', of: ({ version }) => version },
            { title: 'Saved', of: ({ createdAt }) => momentOf(createdAt) },
            { title: 'Stages', of: ({ stages }) => stages.map(({ app }) => app).join(', ') },
          ]);
        }),
      ),
    'pipelines list',
  );
  withExamples(
    pipelines
      .command('show')
      .argument('<pipeline>', 'its name or id')
      .description('shows the newest version of a pipeline')
      .action(
        run(async (session, [pipeline]) => {
          await session.output.show(await findPipeline(session, pipeline!), pipelineSchema, pipelineLines);
        }),
      ),
    'pipelines show Text',
  );
  withExamples(
    pipelines
      .command('versions')
      .argument('<pipeline>', 'its name or id')
      .description('lists the versions of a pipeline, newest first')
      .action(
        run(async (session, [pipeline]) => {
          const path = `/api/pipelines/${await pipelineId(session, pipeline!, true)}/versions`;
          await showList(session, { path, item: pipelineVersionSchema, none: 'No versions.' }, [
            { title: 'Version', of: ({ version }) => version },
            { title: 'Saved', of: ({ createdAt }) => momentOf(createdAt) },
            { title: 'By', of: ({ createdBy }) => createdBy },
            { title: 'Stages', of: ({ stages }) => stages.map(({ app }) => app).join(', ') },
          ]);
        }),
      ),
    'pipelines versions Text',
  );
}

function addVersions(pipelines: Command, run: Runner): void {
  withExamples(
    pipelines
      .command('diff')
      .argument('<pipeline>', 'its name or id')
      .description('tells what differs between two versions; by default the two newest')
      .option('--from <version>', 'the older one', positive)
      .option('--to <version>', 'the newer one', positive)
      .action(
        run<DiffOptions>(async (session, [pipeline], { from, to }) => {
          const found = understood(pipelineSchema, (await findPipeline(session, pipeline!)).body);
          const newer = to ?? found.version;
          const versions = { from: from ?? Math.max(newer - 1, 1), to: newer };
          const answer = await session.api.get(pathWith(`/api/pipelines/${found.id}/diff`, versions));
          await session.output.show(answer, pipelineDiffSchema, diffLines);
        }),
      ),
    'pipelines diff Text',
    'pipelines diff Text --from 1 --to 3',
  );
  withExamples(
    pipelines
      .command('export')
      .argument('<pipeline>', 'its name or id')
      .description('writes a pipeline as the YAML that "pipelines create" reads')
      .option('--pipeline-version <number>', 'another version than the newest', positive)
      .action(
        run<{ pipelineVersion?: number }>(async (session, [pipeline], { pipelineVersion }) => {
          const { id, version } = understood(pipelineSchema, (await findPipeline(session, pipeline!)).body);
          const answer = await session.api.get(`/api/pipelines/${id}/versions/${pipelineVersion ?? version}`);
          await session.output.show(answer, pipelineDefinitionSchema, (definition) => [
            writePipelineFile(definition).trimEnd(),
          ]);
        }),
      ),
    'pipelines export Text > text.yaml',
  );
}

/** The pipeline that a person names by its name or id. */
async function findPipeline(session: Session, nameOrId: string): Promise<Answer> {
  return session.api.get(`/api/pipelines/${await pipelineId(session, nameOrId)}`);
}

async function pipelineId({ api }: Session, nameOrId: string, withArchived = false): Promise<number> {
  if (/^\d+$/.test(nameOrId)) return Number(nameOrId);
  const path = pathWith('/api/pipelines', { query: nameOrId, archived: withArchived ? 'all' : undefined });
  for await (const items of pages(api, path)) {
    const found = (items as { id: number; name: string }[]).find(({ name }) => name === nameOrId);
    if (found) return found.id;
  }
  throw new CliError(`There is no pipeline "${nameOrId}": "chowda pipelines list" shows them.`);
}
