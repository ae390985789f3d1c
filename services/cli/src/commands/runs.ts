import type { Command } from 'commander';
import { runSchema, type RunView, type StageRunView } from '#libs/contracts';
import { plainLines } from '../output/clean.js';
import { fieldLines } from '../output/table.js';
import { durationOf } from '../output/words.js';
import type { Runner } from '../session.js';
import { showCommand } from './answers.js';
import { natural, positive, withExamples } from './arguments.js';

interface RetryOptions {
  readonly stage?: number;
  readonly dryRun?: boolean;
}

/** `chowda runs`: one media file of one batch. */
export function addRunCommands(program: Command, run: Runner): void {
  const runs = program.command('runs').description('runs, each one media file of one batch: show, retry');
  withExamples(
    runs
      .command('show')
      .argument('<run>', 'id of the run', positive)
      .description('shows every stage of a run, with the reason when one failed')
      .option('--trace', "with the apps' stack traces")
      .action(
        run<{ trace?: boolean }>(async ({ api, output }, [id], { trace = false }) => {
          await output.show(await api.get(`/api/runs/${id}`), runSchema, (found) => runLines(found, trace));
        }),
      ),
    'runs show 4567 --trace',
  );
  withExamples(
    runs
      .command('retry')
      .argument('<run>', 'id of the run', positive)
      .description('runs a run again that has ended')
      .option('--stage <index>', 'from this stage on, counted from 0; default: the one at which it ended', natural)
      .option('--dry-run', 'only say what would be done')
      .action(
        run<RetryOptions>(async (session, [id], { stage, dryRun }) =>
          showCommand(session, await session.api.send('POST', `/api/runs/${id}/retry`, { json: { stage, dryRun } })),
        ),
      ),
    'runs retry 4567 --dry-run',
    'runs retry 4567 --stage 0',
  );
}

function runLines(run: RunView, withTrace: boolean): string[] {
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
    ...(stage.seconds === null ? [] : [durationOf(stage.seconds)]),
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
