import type { Command } from 'commander';
import { pathWith } from '../connection/paths.js';
import { pipelineDefinitionSchema, pipelineDiffSchema, pipelineSchema, pipelineVersionSchema } from '#libs/contracts';
import type { Answer } from '../connection/api.js';

import { writePipelineFile } from '../files/pipeline-file.js';
import { parseAnswer } from '../output/output.js';
import { formatTime } from '../output/format.js';
import { type Runner, type Session, showList } from '../session.js';
import { pipelineId } from './id-by-name.js';
import { pipelineArgument, positive, withExamples } from './options.js';
import { addPipelineSaving } from './pipeline-save.js';
import { diffLines, pipelineLines } from './pipeline-lines.js';

interface DiffOptions {
  readonly from?: number;
  readonly to?: number;
}

/** `chowda pipelines`: named lists of apps, stored as numbered versions. */
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
      .addArgument(pipelineArgument())
      .argument('<name>', 'name of the new pipeline')
      .description('copies the latest version of a pipeline to a new pipeline')
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
      .addArgument(pipelineArgument())
      .description('hides a pipeline from the list; batches that use it continue')
      .option('--undo', 'show it in the list again')
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
      .description('lists the pipelines, each with its latest version')
      .option('--query <text>', 'only pipelines whose name contains this text')
      .option('--archived', 'list the archived pipelines instead')
      .action(
        run<{ query?: string; archived?: boolean }>(async (session, _args, query) => {
          const path = pathWith('/api/pipelines', { ...query });
          await showList(
            session,
            { path, item: pipelineSchema, none: 'No pipelines. "chowda pipelines create" creates one.' },
            [
              { title: 'ID', of: ({ id }) => id },
              { title: 'Name', of: ({ name }) => name },
              { title: 'Version', of: ({ version }) => version },
              { title: 'Saved', of: ({ createdAt }) => formatTime(createdAt) },
              { title: 'Stages', of: ({ stages }) => stages.map(({ app }) => app).join(', ') },
            ],
          );
        }),
      ),
    'pipelines list',
  );
  withExamples(
    pipelines
      .command('show')
      .addArgument(pipelineArgument())
      .description('shows the latest version of a pipeline')
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
      .addArgument(pipelineArgument())
      .description('lists the versions of a pipeline, newest first')
      .action(
        run(async (session, [pipeline]) => {
          const path = `/api/pipelines/${await pipelineId(session, pipeline!, true)}/versions`;
          await showList(session, { path, item: pipelineVersionSchema, none: 'No versions.' }, [
            { title: 'Version', of: ({ version }) => version },
            { title: 'Saved', of: ({ createdAt }) => formatTime(createdAt) },
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
      .addArgument(pipelineArgument())
      .description('shows the differences between two versions; by default the two latest')
      .option('--from <version>', 'older version', positive)
      .option('--to <version>', 'newer version', positive)
      .action(
        run<DiffOptions>(async (session, [pipeline], { from, to }) => {
          const found = parseAnswer(pipelineSchema, (await findPipeline(session, pipeline!)).body);
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
      .addArgument(pipelineArgument())
      .description('prints a pipeline as YAML that "pipelines create" accepts')
      .option('--pipeline-version <number>', 'version to print; default: the latest', positive)
      .action(
        run<{ pipelineVersion?: number }>(async (session, [pipeline], { pipelineVersion }) => {
          const { id, version } = parseAnswer(pipelineSchema, (await findPipeline(session, pipeline!)).body);
          const answer = await session.api.get(`/api/pipelines/${id}/versions/${pipelineVersion ?? version}`);
          await session.output.show(answer, pipelineDefinitionSchema, (definition) => [
            writePipelineFile(definition).trimEnd(),
          ]);
        }),
      ),
    'pipelines export Text > text.yaml',
  );
}

/** Reads the pipeline that the user identified by name or ID. */
async function findPipeline(session: Session, nameOrId: string): Promise<Answer> {
  return session.api.get(`/api/pipelines/${await pipelineId(session, nameOrId)}`);
}
