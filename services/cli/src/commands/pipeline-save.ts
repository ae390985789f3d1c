import type { Command } from 'commander';
import { basename } from 'node:path';
import { pipelineCheckSchema, pipelineSchema } from '#libs/contracts';
import { ApiError } from '../connection/api-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { type ReadPipeline, readPipelineFile } from '../files/pipeline-file.js';
import { readInput } from '../files/read-input.js';
import type { Runner, Session } from '../session.js';
import { withExamples } from './options.js';
import { findingLines } from './pipeline-lines.js';

const FILE_HELP = `
Example of a file:
  name: Text
  description: On-screen text
  stages:
    - app: chowda-shots_v1-0
      parameters:
        threshold: 0.3
    - app: chowda-text_v1-0`;

type Fault = { readonly path: string; readonly message: string };
type Pipeline = Extract<ReadPipeline, { ok: true }>;

/** `chowda pipelines create`: saves a pipeline from a file. */
export function addPipelineSaving(pipelines: Command, run: Runner): void {
  withExamples(
    pipelines
      .command('create')
      .argument('<file>', 'YAML with name, description and stages; - reads standard input')
      .description('saves a pipeline from a file; an existing name gets a new version')
      .option('--check', 'only check the file; report errors and warnings')
      .action(
        run<{ check?: boolean }>(async (session, [file], { check }) => {
          const read = await readFileArgument(file!, session);
          if (read.ok) return check ? checkOnly(session, read) : save(session, read);
          for (const fault of read.faults) session.output.warn(fault);
          return EXIT.usage;
        }),
      ),
    'pipelines create text.yaml --check',
    'pipelines create text.yaml',
  ).addHelpText('after', FILE_HELP);
}

async function readFileArgument(file: string, { stdin }: Session): Promise<ReadPipeline> {
  const text = (await readInput(file, stdin)).toString('utf8');
  return readPipelineFile(file === '-' ? 'standard input' : basename(file), text);
}

async function save({ api, output }: Session, read: Pipeline): Promise<ExitCode> {
  try {
    const answer = await api.send('POST', '/api/pipelines', { json: read.pipeline });
    await output.show(answer, pipelineSchema, ({ name, version, findings }) => [
      `Pipeline "${name}" is saved as version ${version}.`,
      ...findingLines(findings),
    ]);
    return EXIT.done;
  } catch (error) {
    const errors = error instanceof ApiError ? error.problem?.errors : undefined;
    if (!errors) throw error;
    for (const fault of errors) output.warn(faultLine(read, fault));
    return EXIT.failures;
  }
}

async function checkOnly({ api, output }: Session, read: Pipeline): Promise<ExitCode> {
  const answer = await api.send('POST', '/api/pipelines/check', { json: read.pipeline });
  const { errors } = await output.show(answer, pipelineCheckSchema, (check) => [
    check.errors.length === 0
      ? `Pipeline "${read.pipeline.name}" can be saved.`
      : `Pipeline "${read.pipeline.name}" cannot be saved:`,
    ...check.errors.map((fault) => faultLine(read, fault)),
    ...findingLines(check.findings),
  ]);
  return errors.length === 0 ? EXIT.done : EXIT.failures;
}

const faultLine = ({ placeOf }: Pipeline, { path, message }: Fault): string =>
  `${placeOf(path)}: ${path === '' ? '' : `${path}: `}${message}`;
