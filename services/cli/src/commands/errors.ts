import type { Command } from 'commander';
import {
  countOf,
  type ErrorGroupDetail,
  errorGroupDetailSchema,
  type ErrorGroupRow,
  errorGroupRowSchema,
  firstOf,
} from '#libs/contracts';
import { usageError } from '../exit-codes.js';
import { plainLines } from '../output/clean.js';
import { parseAnswer } from '../output/output.js';
import { formatTime } from '../output/format.js';
import { pages, type Runner, type Session } from '../session.js';
import { batchArgument, stageOption, withExamples } from './options.js';

interface ErrorOptions {
  readonly group?: string;
  readonly stage?: number;
}

/** `chowda errors`: why runs of a batch failed, with similar failures as one group. */
export function addErrorCommands(program: Command, run: Runner): void {
  withExamples(
    program
      .command('errors')
      .addArgument(batchArgument())
      .description('groups the failures of a batch by cause and shows what to do about each')
      .option('--group <fingerprint>', 'show this group with its files and a stack trace; requires --stage')
      .addOption(stageOption('of the group'))
      .action(
        run<ErrorOptions>(async (session, [id], { group, stage }) => {
          if (group === undefined) return showGroups(session, id!);
          if (stage === undefined) throw usageError('--group requires --stage.');
          const path = `/api/batches/${id}/errors/${stage}/${encodeURIComponent(group)}`;
          await session.output.show(await session.api.get(path), errorGroupDetailSchema, detailLines);
        }),
      ),
    'errors 12',
    'errors 12 --stage 1 --group "chowda-text_v1-0|media-missing|..."',
  );
}

async function showGroups({ api, output }: Session, batch: string): Promise<void> {
  let groups = 0;
  for await (const items of pages(api, `/api/batches/${batch}/errors`)) {
    groups += items.length;
    await (output.isJson
      ? output.print(...items.map((item) => JSON.stringify(item)))
      : output.print(...items.flatMap((item) => groupLines(parseAnswer(errorGroupRowSchema, item)))));
  }
  if (groups === 0 && !output.isJson) await output.print(`No failures in batch ${batch}.`);
}

function groupLines(group: ErrorGroupRow): string[] {
  const {
    count,
    retrying = 0,
    index,
    name,
    sentence,
    nextAction,
    samples,
    worker,
    firstSeen,
    lastSeen,
    fingerprint,
  } = group;
  const files = samples.map(({ guid, run }) => `${guid} (run ${run})`);
  const retried = retrying > 0 ? `, of which ${retrying} will be retried automatically` : '';
  return [
    `${countOf(count, 'file')} failed at stage ${index} (${name})${retried}: ${sentence}`,
    ...(nextAction === null ? [] : [`  What to do: ${nextAction}`]),
    `  Files: ${firstOf(files, files.length, count)}`,
    `  Seen: ${formatTime(firstSeen)} to ${formatTime(lastSeen)}${worker === null ? '' : `, all on worker ${worker}`}`,
    `  Group: ${fingerprint}`,
  ].map(plainLines);
}

const detailLines = (group: ErrorGroupDetail): string[] => [
  ...groupLines(group),
  ...(group.trace === null ? [] : ['', ...plainLines(group.trace).split('\n')]),
];
