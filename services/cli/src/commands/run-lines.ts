import type { RunView, StageRunView } from '#libs/contracts';
import { plainLines } from '../output/clean.js';
import { fieldLines } from '../output/table.js';
import { formatDuration } from '../output/format.js';

/** A run with all its stages. */
export function runLines(run: RunView, withTrace: boolean): string[] {
  return [
    ...fieldLines([
      ['Run', `${run.id}, row ${run.row} of batch ${run.batch}`],
      ['File', run.guid],
      ['Title', run.title],
      ['State', run.state],
    ]),
    ...run.stages.flatMap((stage) => stageLines(stage, withTrace)),
  ];
}

function stageLines(stage: StageRunView, withTrace: boolean): string[] {
  const found = Object.entries(stage.annotations).map(([type, count]) => `${count} ${type}`);
  const facts = [
    stage.state,
    ...(stage.mark === null ? [] : [stage.mark]),
    ...progressOf(stage),
    ...(stage.seconds === null ? [] : [formatDuration(stage.seconds)]),
    ...found,
  ];
  const remarks = [stage.state === 'done' ? null : stage.sentence, stage.nextAction, stage.coverage?.gap ?? null];
  const trace = withTrace && stage.trace !== null ? plainLines(stage.trace).split('\n') : [];
  return [
    `Stage ${stage.index}  ${stage.name}: ${facts.join(', ')}`,
    ...[...remarks, ...stage.warnings].filter((remark) => remark !== null).map((remark) => `  ${plainLines(remark)}`),
    ...trace.map((line) => `    ${line}`),
  ];
}

/** "40 %", or "about 40 %" for an estimate; nothing unless the stage runs and its progress is known. */
const progressOf = ({ state, progress }: StageRunView): string[] =>
  state === 'running' && progress ? [`${progress.estimated ? 'about ' : ''}${Math.floor(progress.percent)} %`] : [];
