import type { Command } from 'commander';
import { batchSchema, countOf, editedBatchFilesSchema } from '#libs/contracts';
import { usageError } from '../exit-codes.js';
import type { Runner } from '../session.js';
import { batchArgument, draftArgument, positive, withExamples } from './options.js';
import { type BatchInput, batchInput } from './batch-input.js';
import { collectionId } from './id-by-name.js';
import { type GuidOptions, namedGuids, withGuidOptions } from './guids.js';

interface CreateOptions extends GuidOptions {
  readonly pipeline: string;
  readonly pipelineVersion?: number;
  readonly collection?: string;
  readonly from?: number;
  readonly runs: string;
  readonly input?: BatchInput;
  readonly reuse: boolean;
  readonly weight?: number;
  readonly trial?: number;
}

/** Parses one more ID and adds it to the earlier ones. */
const manyIds = (id: string, before: readonly number[] | undefined): readonly number[] => [
  ...(before ?? []),
  positive(id),
];

/** Commands that create batches. */
export function addBatchCreation(batches: Command, run: Runner): void {
  withExamples(
    withGuidOptions(batches.command('create').argument('<name>', 'name of the batch'))
      .description('creates a batch from media files and a pipeline, without starting it')
      .requiredOption('--pipeline <name>', 'name of the pipeline')
      .option('--pipeline-version <number>', 'version of the pipeline; default: the latest', positive)
      .option('--collection <name>', 'files of this collection, by name or ID')
      .option('--from <batch>', 'files of another batch, by ID', positive)
      .option('--runs <which>', 'with --from: files whose run is failed or done, or all', 'failed')
      .option('--input <input>', 'input of the first stage: source, latest, or <batch>:<stage>', batchInput)
      .option('--no-reuse', 'run every stage, even if an earlier run has the same result')
      .option('--weight <number>', 'share of app capacity; the default is 100', positive)
      .option('--trial <number>', 'make the first start a trial of this many files', positive)
      .action(
        run<CreateOptions>(async (session, [name], options) => {
          const { pipeline, pipelineVersion, collection, from, runs, input, reuse, weight, trial } = options;
          const files = await namedGuids(session, options);
          if ([files, collection, from].filter((given) => given !== undefined).length !== 1)
            throw usageError('Choose the files by exactly one of --files/--list, --collection and --from.');
          const json = {
            name,
            pipeline,
            version: pipelineVersion,
            files,
            input,
            weight,
            trial,
            collection: collection === undefined ? undefined : await collectionId(session, collection),
            from: from === undefined ? undefined : { batch: from, runs },
            reuse: reuse ? undefined : false,
          };
          const answer = await session.api.send('POST', '/api/batches', { json });
          await session.output.show(answer, batchSchema, ({ summary }) => [summary.sentence]);
        }),
      ),
    'batches create "Evening news" --pipeline Text --collection "Evening news"',
    'batches create Tapes --pipeline Text --list guids.txt --trial 10',
    'batches create "Once more" --pipeline Text --from 12 --runs failed',
    'batches create "On the text" --pipeline Entities --collection 3 --input 12:1',
  );
  addFileChanges(batches, run);
  withExamples(
    batches
      .command('duplicate')
      .addArgument(batchArgument())
      .description('creates a draft with the same files, pipeline version and input as a batch')
      .option('--name <name>', 'name of the new batch')
      .action(
        run<{ name?: string }>(async ({ api, output }, [id], { name }) => {
          const answer = await api.send('POST', `/api/batches/${id}/duplicate`, { json: { name } });
          await output.show(answer, batchSchema, ({ summary }) => [summary.sentence]);
        }),
      ),
    'batches duplicate 12 --name "Evening news again"',
  );
  withExamples(
    batches
      .command('combine')
      .argument('<name>', 'name of the new batch')
      .argument('<batches...>', 'IDs of the batches', manyIds)
      .description('creates a draft with the files of several batches, each file once')
      .action(
        run(async ({ api, output }, [name, ...ids]) => {
          const json = { name, batches: ids.map(Number) };
          const answer = await api.send('POST', '/api/batches/combine', { json });
          await output.show(answer, batchSchema, ({ summary }) => [summary.sentence]);
        }),
      ),
    'batches combine "All of November" 12 13 14',
  );
}

function addFileChanges(batches: Command, run: Runner): void {
  for (const [verb, description] of [
    ['add', 'adds media files to a batch that has not been started'],
    ['remove', 'removes media files from a batch that has not been started'],
  ] as const)
    withExamples(
      withGuidOptions(batches.command(verb).addArgument(draftArgument()))
        .description(description)
        .action(
          run<GuidOptions>(async (session, [id], options) => {
            const guids = await namedGuids(session, options);
            if (!guids) throw usageError('--files or --list is required.');
            const answer = await session.api.send('POST', `/api/batches/${id}/files`, { json: { [verb]: guids } });
            await session.output.show(answer, editedBatchFilesSchema, ({ added, removed, present, absent, files }) => [
              verb === 'add'
                ? `${added} added, ${present} already present. The batch has ${countOf(files, 'file')}.`
                : `${removed} removed, ${absent} not in the batch. The batch has ${countOf(files, 'file')}.`,
            ]);
          }),
        ),
      `batches ${verb} 12 --list guids.txt`,
    );
}
