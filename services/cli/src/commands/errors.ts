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
import { understood } from '../output/output.js';
import { momentOf } from '../output/words.js';
import { pages, type Runner, type Session } from '../session.js';
import { natural, positive, withExamples } from './arguments.js';

interface ErrorOptions {
  readonly group?: string;
  readonly stage?: number;
}

/** `chowda errors`: why runs of a batch failed, similar failures as one. */
export function addErrorCommands(program: Command, run: Runner): void {
  withExamples(
    program
      .command('errors')
      .argument('<batch>', 'id of the batch', positive)
      .description('groups the failures of a batch by their cause, and says what to do')
      .option('--group <fingerprint>', 'one group, with its files and a stack trace')
      .option('--stage <index>', 'the stage of the group, counted from 0', natural)
      .action(
        run<ErrorOptions>(async (session, [id], { group, stage }) => {
          if (group === undefined) return showGroups(session, id!);
          if (stage === undefined) throw usageError('Name the stage of the group with --stage.');
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
      ? output.tell(...items.map((item) => JSON.stringify(item)))
      : output.tell(...items.flatMap((item) => groupLines(understood(errorGroupRowSchema, item)))));
  }
  if (groups === 0 && !output.isJson) await output.tell(`No failures in batch ${batch}.`);
}

function groupLines(group: ErrorGroupRow): string[] {
  const { count, index, name, sentence, nextAction, samples, worker, firstSeen, lastSeen, fingerprint } = group;
  const files = samples.map(({ guid, run }) => `${guid} (run ${run})`);
  return [
    `${countOf(count, 'file')} failed at stage ${index} (${name}): ${sentence}`,
    ...(nextAction === null ? [] : [`  What to do: ${nextAction}`]),
    `  Files: ${firstOf(files, files.length, count)}`,
    `  Seen: ${momentOf(firstSeen)} to ${momentOf(lastSeen)}${worker === null ? '' : `, all on worker ${worker}`}`,
    `  Group: ${fingerprint}`,
  ].map(plainLines);
}

const detailLines = (group: ErrorGroupDetail): string[] => [
  ...groupLines(group),
  ...(group.trace === null ? [] : ['', ...plainLines(group.trace).split('\n')]),
];
