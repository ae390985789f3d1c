import type { RunView } from '#libs/contracts';

const cell = (text: string, width: number) => text.padEnd(width);

/** A table of runs: file, finished stages, annotations added by each app, seconds. */
export function resultsTable(runs: readonly RunView[]): string {
  const apps = [...new Set(runs.flatMap((run) => run.stages.map((stage) => stage.name)))];
  const rows = [['File', 'Stages', ...apps, 'Seconds'], ...runs.map((run) => row(run, apps))];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  return rows
    .map((cells) =>
      cells
        .map((text, column) => cell(text, widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function row(run: RunView, apps: readonly string[]): string[] {
  const done = run.stages.filter((stage) => stage.state === 'done').length;
  const annotations = apps.map((app) => {
    const stages = run.stages.filter((stage) => stage.name === app);
    return String(stages.flatMap((stage) => Object.values(stage.annotations)).reduce((sum, count) => sum + count, 0));
  });
  const seconds = run.stages.reduce((sum, stage) => sum + (stage.seconds ?? 0), 0);
  return [run.guid, `${done}/${run.stages.length}`, ...annotations, seconds.toFixed(1)];
}

/** One line for each run that is not done, with the reason. */
export const reasons = (runs: readonly RunView[]): string[] =>
  runs
    .filter((run) => run.state !== 'done')
    .map((run) => {
      const stage = run.stages.find(({ sentence }) => sentence !== null);
      const why = stage ? `${stage.name}: ${stage.sentence} ${stage.nextAction ?? ''}`.trim() : `it is ${run.state}`;
      return `${run.guid}: ${why}`;
    });
