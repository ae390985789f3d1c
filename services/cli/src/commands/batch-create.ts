import type { Command } from 'commander';
import { batchSchema, countOf, editedBatchFilesSchema } from '#libs/contracts';
import { usageError } from '../exit-codes.js';
import type { Runner } from '../session.js';
import { positive, withExamples } from './arguments.js';
import { type BatchInput, batchInput } from './batch-input.js';
import { collectionId } from './collection-id.js';
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

/** Reads one more id, on top of those before it. */
const manyIds = (id: string, before: readonly number[] | undefined): readonly number[] => [
  ...(before ?? []),
  positive(id),
];

/** How batches come to be. */
export function addBatchCreation(batches: Command, run: Runner): void {
  withExamples(
    withGuidOptions(batches.command('create').argument('<name>', 'name of the batch'))
      .description('makes a batch of media files and a pipeline; it is not started')
      .requiredOption('--pipeline <name>', 'the pipeline')
      .option('--pipeline-version <number>', 'another version of it than the newest', positive)
      .option('--collection <name>', 'the files of a collection, by its name or id')
      .option('--from <batch>', 'the files of another batch', positive)
      .option('--runs <which>', 'with --from: those that are failed, done, or all', 'failed')
      .option('--input <input>', 'what the first app is given: source, latest, or <batch>:<stage>', batchInput)
      .option('--no-reuse', 'run every stage, also where the same was done before')
      .option('--weight <number>', 'its share of the apps; 100 is usual', positive)
      .option('--trial <number>', 'its first start takes only so many files', positive)
      .action(
        run<CreateOptions>(async (session, [name], options) => {
          const { pipeline, pipelineVersion, collection, from, runs, input, reuse, weight, trial } = options;
          const files = await namedGuids(session, options);
          if ([files, collection, from].filter((given) => given !== undefined).length !== 1)
            throw usageError('Name one of --files or --list, --collection and --from.');
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
      .argument('<batch>', 'id of the batch', positive)
      .description('makes a draft like a batch: same files, pipeline version and input')
      .option('--name <name>', 'name of the new one')
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
      .argument('<batches...>', 'ids of the batches', manyIds)
      .description('makes a draft with the files of several batches, each file once')
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
    ['add', 'takes media files into a batch that is not started'],
    ['remove', 'takes media files out of a batch that is not started'],
  ] as const)
    withExamples(
      withGuidOptions(batches.command(verb).argument('<batch>', 'id of the batch', positive))
        .description(description)
        .action(
          run<GuidOptions>(async (session, [id], options) => {
            const guids = await namedGuids(session, options);
            if (!guids) throw usageError('Name media files with --files or --list.');
            const answer = await session.api.send('POST', `/api/batches/${id}/files`, { json: { [verb]: guids } });
            await session.output.show(answer, editedBatchFilesSchema, ({ added, removed, present, absent, files }) => [
              verb === 'add'
                ? `${added} added, ${present} there before: ${countOf(files, 'file')} now.`
                : `${removed} removed, ${absent} not there: ${countOf(files, 'file')} now.`,
            ]);
          }),
        ),
      `batches ${verb} 12 --list guids.txt`,
    );
}
