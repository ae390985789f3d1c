import type { PipelineDiffView, PipelineFindingView, PipelineView } from '#libs/contracts';
import { fieldLines } from '../output/table.js';
import { formatTime } from '../output/format.js';

/** Warnings and notes about a pipeline, one per line. */
export const findingLines = (findings: readonly PipelineFindingView[]): string[] =>
  findings.map(
    ({ stage, level, sentence }) => `${level === 'warning' ? 'Warning' : 'Note'} at stage ${stage}: ${sentence}`,
  );

/** A pipeline with its stages and their parameters. */
export function pipelineLines(pipeline: PipelineView): string[] {
  const stages = pipeline.stages.flatMap(({ index, app, parameters }) => [
    `  ${index}  ${app}`,
    ...Object.entries(parameters).map(([name, value]) => `       ${name}: ${JSON.stringify(value)}`),
  ]);
  return [
    ...fieldLines([
      ['Pipeline', `${pipeline.name} (ID ${pipeline.id})`],
      ['Description', pipeline.description],
      ['Version', pipeline.version],
      ['Saved', formatTime(pipeline.createdAt)],
      ['Archived', pipeline.archived ? 'yes' : null],
    ]),
    'Stages',
    ...stages,
    ...findingLines(pipeline.findings),
  ];
}

/** The differences between two versions. */
export const diffLines = ({ from, to, sentences }: PipelineDiffView): string[] =>
  sentences.length === 0
    ? [`Versions ${from} and ${to} are the same.`]
    : [`From version ${from} to version ${to}:`, ...sentences.map((sentence) => `  ${sentence}`)];
