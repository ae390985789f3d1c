import type { Command } from 'commander';
import {
  type BatchDeletion,
  batchDeletionSchema,
  type BatchUsage,
  batchUsageSchema,
  countOf,
  deletedBatchSchema,
  type DocumentUse,
} from '#libs/contracts';
import { EXIT } from '../exit-codes.js';
import { tableLines, tabLines, type Column } from '../output/table.js';
import { bytesOf } from '../output/words.js';
import type { Runner } from '../session.js';
import { positive, withExamples } from './arguments.js';

interface UseRow extends DocumentUse {
  readonly of: string;
  readonly shared: DocumentUse;
}

const COLUMNS: readonly Column<UseRow>[] = [
  { title: 'Of', of: (row) => row.of },
  { title: 'Documents', of: ({ documents }) => documents },
  { title: 'Size', of: ({ bytes }) => bytesOf(bytes) },
  { title: 'Shared with others', of: ({ shared }) => (shared.documents === 0 ? '' : bytesOf(shared.bytes)) },
];

/** What a batch takes, and its end. */
export function addBatchRemoval(batches: Command, run: Runner): void {
  withExamples(
    batches
      .command('usage')
      .argument('<batch>', 'id of the batch', positive)
      .description('tells how much room the documents of a batch take')
      .action(
        run(async ({ api, output }, [id]) => {
          await output.show(await api.get(`/api/batches/${id}/usage`), batchUsageSchema, (usage) =>
            output.isTerminal
              ? tableLines(COLUMNS, useRows(usage), output.width)
              : [COLUMNS.map(({ title }) => title).join('\t'), ...tabLines(COLUMNS, useRows(usage))],
          );
        }),
      ),
    'batches usage 12',
  );
  withExamples(
    batches
      .command('delete')
      .argument('<batch>', 'id of the batch', positive)
      .description('says what deleting a batch would remove; with --yes deletes it')
      .option('--yes', 'delete it')
      .action(
        run<{ yes?: boolean }>(async ({ api, output }, [id], { yes }) => {
          if (yes) {
            const answer = await api.send('DELETE', `/api/batches/${id}`);
            await output.show(answer, deletedBatchSchema, ({ sentence }) => [sentence]);
            return EXIT.done;
          }
          const answer = await api.get(`/api/batches/${id}/deletion`);
          await output.show(answer, batchDeletionSchema, (deletion) => deletionLines(deletion));
          return EXIT.failures;
        }),
      ),
    'batches delete 12',
    'batches delete 12 --yes',
  ).addHelpText('after', '\nEnds with 1 without --yes, because nothing was deleted.');
}

const useRows = ({ stages, inputs, pastTries, total }: BatchUsage): UseRow[] => [
  ...stages.map((stage) => ({ ...stage, of: `stage ${stage.index} (${stage.app})` })),
  ...(inputs.documents === 0 ? [] : [{ ...inputs, of: 'what runs begin with' }]),
  ...(pastTries.documents === 0 ? [] : [{ ...pastTries, of: 'earlier tries' }]),
  { ...total, of: 'all of it' },
];

function deletionLines({ batch, sentence, allowed, goes, stays, usedBy }: BatchDeletion): string[] {
  const size = ({ documents, bytes }: DocumentUse) => `${countOf(documents, 'document')} (${bytesOf(bytes)})`;
  return [
    sentence,
    `Goes: ${size(goes)}.`,
    ...(stays.documents === 0 ? [] : [`Stays for others: ${size(stays)}.`]),
    ...usedBy.map(({ id, name, documents }) => `  batch ${id} (${name}) uses ${countOf(documents, 'document')}`),
    ...(allowed ? [`Nothing was deleted: "chowda batches delete ${batch} --yes" does it.`] : []),
  ];
}
