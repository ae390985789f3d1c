import type { Command } from 'commander';
import { batchInputSchema } from '#libs/contracts';
import { withInputFile } from '../files/input-file.js';
import { bytesOf } from '../output/words.js';
import type { Runner } from '../session.js';
import { positive, withExamples } from './arguments.js';

/** MMIF documents that files of a draft begin with. */
export function addBatchInputs(batches: Command, run: Runner): void {
  const path = (batch: string, guid: string) => `/api/batches/${batch}/inputs/${encodeURIComponent(guid)}`;
  withExamples(
    batches
      .command('upload')
      .argument('<batch>', 'id of a batch that is not started', positive)
      .argument('<guid>', 'the media file')
      .argument('<file>', 'its MMIF document; - reads standard input')
      .description('gives a file of a batch the MMIF document that its first app is handed')
      .action(
        run(async ({ api, output, stdin }, [batch, guid, file]) => {
          const answer = await withInputFile(file!, stdin, (document) =>
            api.send('PUT', path(batch!, guid!), { file: document, type: 'application/json' }),
          );
          await output.show(answer, batchInputSchema, (input) => [
            `${input.guid} begins with this document of ${bytesOf(input.bytes)}.`,
          ]);
        }),
      ),
    'batches upload 12 cpb-aacip-507-zw18k75z4h corrected.mmif',
  );
  withExamples(
    batches
      .command('unload')
      .argument('<batch>', 'id of a batch that is not started', positive)
      .argument('<guid>', 'the media file')
      .description('takes back a document that was uploaded')
      .action(
        run(async ({ api, output }, [batch, guid]) => {
          await api.send('DELETE', path(batch!, guid!));
          if (!output.isJson) await output.tell(`${guid} begins like the others.`);
        }),
      ),
    'batches unload 12 cpb-aacip-507-zw18k75z4h',
  );
}
