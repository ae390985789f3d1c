import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type PipelineView, pipelineSchema } from '#libs/contracts';
import { ApiError } from '../connection/api-error.js';
import type { Answer } from '../connection/api.js';
import { CliError, EXIT, type ExitCode, usageError } from '../exit-codes.js';
import { type ReadPipeline, readPipelineFile } from '../files/pipeline-file.js';
import { fieldLines } from '../output/table.js';
import { momentOf } from '../output/words.js';
import { pages, type Runner, type Session, showList } from '../session.js';
import { withExamples } from './arguments.js';

/** `chowda pipelines`: named lists of apps, kept as numbered versions. */
export function addPipelineCommands(program: Command, run: Runner): void {
  const pipelines = program.command('pipelines').description('pipelines: create, list, show');
  withExamples(
    pipelines
      .command('create')
      .argument('<file>', 'YAML with name, description and stages; - reads standard input')
      .description('saves a pipeline from a file; a known name gets a new version')
      .action(run(create)),
    'pipelines create text.yaml',
  ).addHelpText(
    'after',
    `
A file:
  name: Text
  description: What is to read on screen
  stages:
    - app: chowda-shots_v1-0
      parameters:
        threshold: 0.3
    - app: chowda-text_v1-0`,
  );
  withExamples(
    pipelines
      .command('list')
      .description('lists the pipelines, each with its newest version')
      .action(
        run(async (session) => {
          const none = 'No pipelines: create one.';
          await showList(session, { path: '/api/pipelines', item: pipelineSchema, none }, [
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
}

/** The pipeline that a person names by its name or id. */
export async function findPipeline({ api }: Session, nameOrId: string): Promise<Answer> {
  if (/^\d+$/.test(nameOrId)) return api.get(`/api/pipelines/${nameOrId}`);
  for await (const items of pages(api, `/api/pipelines?query=${encodeURIComponent(nameOrId)}`)) {
    const found = (items as { id: number; name: string }[]).find(({ name }) => name === nameOrId);
    if (found) return api.get(`/api/pipelines/${found.id}`);
  }
  throw new CliError(`There is no pipeline "${nameOrId}": "chowda pipelines list" shows them.`);
}

async function create({ api, output, stdin }: Session, [file]: string[]): Promise<ExitCode> {
  const read = await readFileArgument(file!, stdin);
  if (!read.ok) return tellFaults(read.faults, output.warn.bind(output));
  try {
    const answer = await api.send('POST', '/api/pipelines', { json: read.pipeline });
    await output.show(answer, pipelineSchema, (saved) => [
      `Pipeline "${saved.name}" is saved as version ${saved.version}.`,
      ...findingLines(saved),
    ]);
    return EXIT.done;
  } catch (error) {
    const errors = error instanceof ApiError ? error.problem?.errors : undefined;
    if (!errors) throw error;
    tellFaults(
      errors.map(({ path, message }) => `${read.placeOf(path)}: ${path}: ${message}`),
      output.warn.bind(output),
    );
    return EXIT.failures;
  }
}

function tellFaults(faults: readonly string[], warn: (sentence: string) => void): ExitCode {
  for (const fault of faults) warn(fault);
  return EXIT.usage;
}

async function readFileArgument(file: string, stdin: Session['stdin']): Promise<ReadPipeline> {
  if (file === '-') return readPipelineFile('standard input', await textOf(stdin));
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw usageError(`${file} cannot be read (${cause.code ?? cause.message}): name a YAML file.`);
  });
  return readPipelineFile(basename(file), text);
}

async function textOf(stdin: Session['stdin']): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString('utf8');
}

const findingLines = ({ findings }: PipelineView): string[] =>
  findings.map(
    ({ stage, level, sentence }) => `${level === 'warning' ? 'Warning' : 'Note'} at stage ${stage}: ${sentence}`,
  );

function pipelineLines(pipeline: PipelineView): string[] {
  const stages = pipeline.stages.flatMap(({ index, app, parameters }) => [
    `  ${index}  ${app}`,
    ...Object.entries(parameters).map(([name, value]) => `       ${name}: ${JSON.stringify(value)}`),
  ]);
  return [
    ...fieldLines([
      ['Pipeline', `${pipeline.name} (id ${pipeline.id})`],
      ['About', pipeline.description],
      ['Version', pipeline.version],
      ['Saved', momentOf(pipeline.createdAt)],
    ]),
    'Stages',
    ...stages,
    ...findingLines(pipeline),
  ];
}
