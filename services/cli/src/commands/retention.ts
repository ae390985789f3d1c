import { type Command, Option } from 'commander';
import {
  batchRetentionSchema,
  type BatchRetentionView,
  countOf,
  retentionSchema,
  type RetentionView,
} from '#libs/contracts';
import { usageError } from '../exit-codes.js';
import { momentOf } from '../output/words.js';
import type { Runner } from '../session.js';
import { positive, withExamples } from './arguments.js';

interface RuleOptions {
  readonly keep?: string;
  readonly days?: number;
}

interface BatchRuleOptions extends RuleOptions {
  readonly asInstalled?: boolean;
}

const withRule = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--keep <what>',
        'all: the documents of every stage and try; final: the last one of each file',
      ).choices(['all', 'final']),
    )
    .option('--days <number>', 'only for so many days after a batch has finished; default: for ever', positive);

/** `chowda retention`: what is kept of batches that have finished. */
export function addRetentionCommands(program: Command, run: Runner): void {
  withExamples(
    withRule(program.command('retention'))
      .description(
        'shows what is kept of finished batches, or with --keep changes it for all that have no rule of their own',
      )
      .action(
        run<RuleOptions>(async ({ api, output }, _args, { keep, days }) => {
          if (keep === undefined && days !== undefined) throw usageError('Say with --keep what is kept so long.');
          const answer =
            keep === undefined
              ? await api.get('/api/retention')
              : await api.send('PUT', '/api/retention', { json: { keep, days: days ?? null } });
          await output.show(answer, retentionSchema, ruleLines);
        }),
      ),
    'retention',
    'retention --keep final',
    'retention --keep all --days 90',
  );
}

/** `chowda batches retention`: the same for one batch. */
export function addBatchRetention(batches: Command, run: Runner): void {
  withExamples(
    withRule(batches.command('retention').argument('<batch>', 'id of the batch', positive))
      .description('shows what is kept of a batch, or with --keep changes it')
      .option('--as-installed', 'follow the rule of the installation again')
      .action(
        run<BatchRuleOptions>(async ({ api, output }, [id], { keep, days, asInstalled }) => {
          const path = `/api/batches/${id}/retention`;
          if (asInstalled && (keep ?? days) !== undefined)
            throw usageError('--as-installed goes without --keep and --days.');
          if (keep === undefined && days !== undefined) throw usageError('Say with --keep what is kept so long.');
          const isChange = keep !== undefined || asInstalled === true;
          const json = { keep: keep ?? null, days: days ?? null };
          const answer = isChange ? await api.send('PUT', path, { json }) : await api.get(path);
          await output.show(answer, batchRetentionSchema, batchRuleLines);
        }),
      ),
    'batches retention 12',
    'batches retention 12 --keep final --days 30',
    'batches retention 12 --as-installed',
  );
}

const ruleLines = ({ sentence, due, changedBy, changedAt }: RetentionView): string[] => [
  sentence,
  ...(changedBy === null ? [] : [`Said by ${changedBy}, ${momentOf(changedAt)}.`]),
  ...(due === 0 ? [] : [`Documents of ${countOf(due, 'batch', 'batches')} are about to be removed by it.`]),
];

const batchRuleLines = ({ sentence, own, kept, removesAt }: BatchRetentionView): string[] => [
  sentence,
  own ? 'It is a rule of its own.' : 'It is the rule of the installation.',
  ...(kept === 'all' ? [] : [kept === 'final' ? 'Only final documents are there still.' : 'No documents are left.']),
  ...(removesAt === null ? [] : [`The rest is removed ${momentOf(removesAt)}.`]),
];
