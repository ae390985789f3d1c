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
import { formatBytes } from '../output/format.js';
import type { Runner } from '../session.js';
import { batchArgument, withExamples } from './options.js';

interface UseRow extends DocumentUse {
  readonly of: string;
  readonly shared: DocumentUse;
}

const COLUMNS: readonly Column<UseRow>[] = [
  { title: 'Documents of', of: (row) => row.of },
  { title: 'Count', of: ({ documents }) => documents },
  { title: 'Size', of: ({ bytes }) => formatBytes(bytes) },
  { title: 'Shared with other batches', of: ({ shared }) => (shared.documents === 0 ? '' : formatBytes(shared.bytes)) },
];

/** Commands for the storage that a batch uses and for its deletion. */
export function addBatchRemoval(batches: Command, run: Runner): void {
  withExamples(
    batches
      .command('usage')
      .addArgument(batchArgument())
      .description('shows how much storage the documents of a batch use')
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
      .addArgument(batchArgument())
      .description('shows what deleting a batch would remove; with --yes, deletes it')
      .option('--yes', 'delete the batch')
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
  ).addHelpText('after', '\nWithout --yes the exit code is 1, because nothing was deleted.');
}

const useRows = ({ stages, inputs, pastTries, total }: BatchUsage): UseRow[] => [
  ...stages.map((stage) => ({ ...stage, of: `stage ${stage.index} (${stage.app})` })),
  ...(inputs.documents === 0 ? [] : [{ ...inputs, of: 'inputs' }]),
  ...(pastTries.documents === 0 ? [] : [{ ...pastTries, of: 'earlier attempts' }]),
  { ...total, of: 'total' },
];

function deletionLines({ batch, sentence, allowed, goes, stays, usedBy }: BatchDeletion): string[] {
  const size = ({ documents, bytes }: DocumentUse) => `${countOf(documents, 'document')} (${formatBytes(bytes)})`;
  return [
    sentence,
    `To be deleted: ${size(goes)}.`,
    ...(stays.documents === 0 ? [] : [`Kept for other batches: ${size(stays)}.`]),
    ...usedBy.map(({ id, name, documents }) => `  batch ${id} (${name}) uses ${countOf(documents, 'document')}`),
    ...(allowed ? [`Nothing was deleted. "chowda batches delete ${batch} --yes" deletes the batch.`] : []),
  ];
}
