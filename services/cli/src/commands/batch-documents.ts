import type { Command } from 'commander';
import { batchInputSchema } from '#libs/contracts';
import { withInputFile } from '../files/input-file.js';
import { formatBytes } from '../output/format.js';
import type { Runner } from '../session.js';
import { draftArgument, fileArgument, withExamples } from './options.js';

/** Commands for the MMIF documents that the files of a draft start from. */
export function addBatchDocuments(batches: Command, run: Runner): void {
  const path = (batch: string, guid: string) => `/api/batches/${batch}/inputs/${encodeURIComponent(guid)}`;
  withExamples(
    batches
      .command('upload')
      .addArgument(draftArgument())
      .addArgument(fileArgument())
      .argument('<file>', 'MMIF document; - reads standard input')
      .description('uploads the MMIF document that the first stage of a file starts from')
      .action(
        run(async ({ api, output, stdin }, [batch, guid, file]) => {
          const answer = await withInputFile(file!, stdin, (document) =>
            api.send('PUT', path(batch!, guid!), { file: document, type: 'application/json' }),
          );
          await output.show(answer, batchInputSchema, (input) => [
            `${input.guid} starts from this document (${formatBytes(input.bytes)}).`,
          ]);
        }),
      ),
    'batches upload 12 cpb-aacip-507-zw18k75z4h corrected.mmif',
  );
  withExamples(
    batches
      .command('unload')
      .addArgument(draftArgument())
      .addArgument(fileArgument())
      .description('removes an uploaded document')
      .action(
        run(async ({ api, output }, [batch, guid]) => {
          await api.send('DELETE', path(batch!, guid!));
          if (!output.isJson) await output.print(`${guid} starts from the input of the batch again.`);
        }),
      ),
    'batches unload 12 cpb-aacip-507-zw18k75z4h',
  );
}
