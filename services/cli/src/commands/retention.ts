import { type Command, Option } from 'commander';
import {
  batchRetentionSchema,
  type BatchRetentionView,
  countOf,
  retentionSchema,
  type RetentionView,
} from '#libs/contracts';
import { usageError } from '../exit-codes.js';
import { formatTime } from '../output/format.js';
import type { Runner } from '../session.js';
import { batchArgument, positive, withExamples } from './options.js';

interface KeepOptions {
  readonly keep?: string;
  readonly days?: number;
}

interface BatchKeepOptions extends KeepOptions {
  readonly asInstalled?: boolean;
}

const withKeepOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--keep <what>',
        'all: documents of every stage and attempt; final: the last document of each file',
      ).choices(['all', 'final']),
    )
    .option('--days <number>', 'keep them for this many days after the batch has finished; default: forever', positive);

/** The rule that the options state; undefined to show the current rule. */
function keepRule({ keep, days }: KeepOptions): { keep: string; days: number | null } | undefined {
  if (keep === undefined && days !== undefined) throw usageError('--days requires --keep.');
  return keep === undefined ? undefined : { keep, days: days ?? null };
}

/** `chowda retention`: which documents of finished batches are kept. */
export function addRetentionCommands(program: Command, run: Runner): void {
  withExamples(
    withKeepOptions(program.command('retention'))
      .description(
        'shows which documents of finished batches are kept; with --keep, changes this for all batches without their own rule',
      )
      .action(
        run<KeepOptions>(async ({ api, output }, _args, options) => {
          const rule = keepRule(options);
          const answer = rule
            ? await api.send('PUT', '/api/retention', { json: rule })
            : await api.get('/api/retention');
          await output.show(answer, retentionSchema, ruleLines);
        }),
      ),
    'retention',
    'retention --keep final',
    'retention --keep all --days 90',
  );
}

/** `chowda batches retention`: which documents of one batch are kept. */
export function addBatchRetention(batches: Command, run: Runner): void {
  withExamples(
    withKeepOptions(batches.command('retention').addArgument(batchArgument()))
      .description('shows which documents of a batch are kept; with --keep, changes this')
      .option('--as-installed', 'follow the rule of the installation again')
      .action(
        run<BatchKeepOptions>(async ({ api, output }, [id], { asInstalled, ...options }) => {
          const path = `/api/batches/${id}/retention`;
          if (asInstalled && (options.keep ?? options.days) !== undefined)
            throw usageError('--as-installed cannot be combined with --keep or --days.');
          const rule = asInstalled ? { keep: null, days: null } : keepRule(options);
          const answer = rule ? await api.send('PUT', path, { json: rule }) : await api.get(path);
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
  ...(changedBy === null ? [] : [`Set by ${changedBy} at ${formatTime(changedAt)}.`]),
  ...(due === 0 ? [] : [`Documents of ${countOf(due, 'batch', 'batches')} will be removed soon.`]),
];

const batchRuleLines = ({ sentence, own, kept, removesAt }: BatchRetentionView): string[] => [
  sentence,
  own ? 'This rule was set for the batch.' : 'This is the rule of the installation.',
  ...(kept === 'all' ? [] : [kept === 'final' ? 'Only the final documents are left.' : 'No documents are left.']),
  ...(removesAt === null ? [] : [`Documents will be removed at ${formatTime(removesAt)}.`]),
];
