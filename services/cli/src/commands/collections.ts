import type { Command } from 'commander';
import {
  collectionChangeSchema,
  collectionSchema,
  type CollectionView,
  countOf,
  createdCollectionSchema,
  deletedCollectionSchema,
  firstOf,
  mediaFileRowSchema,
  type UnknownGuids,
} from '#libs/contracts';
import { EXIT, type ExitCode, usageError } from '../exit-codes.js';
import { fieldLines } from '../output/table.js';
import { formatTime } from '../output/format.js';
import { type Runner, type Session, showList } from '../session.js';
import { collectionArgument, positive, withExamples } from './options.js';
import { collectionId } from './id-by-name.js';
import { type GuidOptions, namedGuids, withGuidOptions } from './guids.js';

interface CreateOptions extends GuidOptions {
  readonly description?: string;
  readonly import?: number;
  readonly query?: string;
  readonly status?: string;
}

/** `chowda collections`: named sets of media files. */
export function addCollectionCommands(program: Command, run: Runner): void {
  const collections = program
    .command('collections')
    .description('named sets of media files: create, list, show, add, remove, delete');
  withExamples(
    withGuidOptions(collections.command('create').argument('<name>', 'name of the collection'))
      .description('creates a collection, empty or with the media files that the options select')
      .option('--import <id>', 'all media files that this import found', positive)
      .option('--query <text>', 'all media files whose GUID or title contains these words')
      .option(
        '--status <status>',
        'all media files whose latest run has this status (never, done, failed ...); narrows --query',
      )
      .option('--description <text>', 'description of the collection')
      .action(run<CreateOptions>(create)),
    'collections create "Evening news" --import 3',
    'collections create "To repeat" --status failed',
    'collections create Tapes --list guids.txt',
  );
  addReading(collections, run);
  for (const [verb, description] of [
    ['add', 'adds media files to a collection'],
    ['remove', 'removes media files from a collection; they stay in the archive'],
  ] as const)
    withExamples(
      withGuidOptions(collections.command(verb).addArgument(collectionArgument()))
        .description(description)
        .action(run<GuidOptions>((session, [name], options) => change(session, name!, verb, options))),
      `collections ${verb} "Evening news" --files cpb-aacip-507-zw18k75z4h`,
      `collections ${verb} "Evening news" --list guids.txt`,
    );
  withExamples(
    collections
      .command('delete')
      .addArgument(collectionArgument())
      .description('deletes a collection; its media files stay in the archive')
      .action(
        run(async (session, [name]) => {
          const id = await collectionId(session, name!);
          const answer = await session.api.send('DELETE', `/api/collections/${id}`);
          await session.output.show(answer, deletedCollectionSchema, ({ sentence }) => [sentence]);
        }),
      ),
    'collections delete "Evening news"',
  );
}

function addReading(collections: Command, run: Runner): void {
  withExamples(
    collections
      .command('list')
      .description('lists the collections')
      .action(
        run(async (session) => {
          const none = 'No collections. "chowda collections create" creates one.';
          await showList(session, { path: '/api/collections', item: collectionSchema, none }, [
            { title: 'ID', of: ({ id }) => id },
            { title: 'Name', of: ({ name }) => name },
            { title: 'Files', of: ({ files }) => files },
            { title: 'Created', of: ({ createdAt }) => formatTime(createdAt) },
            { title: 'Description', of: ({ description }) => description },
          ]);
        }),
      ),
    'collections list',
  );
  withExamples(
    collections
      .command('show')
      .addArgument(collectionArgument())
      .description('shows a collection')
      .option('--files', 'list its media files instead')
      .action(
        run<{ files?: boolean }>(async (session, [name], { files }) => {
          const path = `/api/collections/${await collectionId(session, name!)}`;
          if (!files) {
            await session.output.show(await session.api.get(path), collectionSchema, collectionLines);
            return;
          }
          await showList(
            session,
            { path: `${path}/files`, item: mediaFileRowSchema, none: 'The collection has no files.' },
            [
              { title: 'GUID', of: ({ guid }) => guid },
              { title: 'Latest run', of: ({ status }) => status },
              { title: 'Title', of: ({ title }) => title },
            ],
          );
        }),
      ),
    'collections show "Evening news"',
    'collections show "Evening news" --files',
  );
}

async function create(session: Session, [name]: string[], options: CreateOptions): Promise<ExitCode> {
  const { query, status, description } = options;
  const files = await namedGuids(session, options);
  const search = query === undefined && status === undefined ? undefined : { query, status };
  const json = { name, description, files, search, import: options.import };
  const answer = await session.api.send('POST', '/api/collections', { json });
  const { unknown } = await session.output.show(answer, createdCollectionSchema, (made) => [
    `Collection "${made.name}" (ID ${made.id}) has ${countOf(made.files, 'file')}.`,
    ...unknownLines(made.unknown),
  ]);
  return unknown.count === 0 ? EXIT.done : EXIT.failures;
}

async function change(session: Session, name: string, verb: 'add' | 'remove', options: GuidOptions): Promise<ExitCode> {
  const guids = await namedGuids(session, options);
  if (!guids) throw usageError('--files or --list is required.');
  const path = `/api/collections/${await collectionId(session, name)}/files`;
  const answer = await session.api.send('POST', path, { json: { [verb]: guids } });
  const { unknown } = await session.output.show(
    answer,
    collectionChangeSchema,
    ({ collection, added, removed, ...rest }) => [
      `${verb === 'add' ? `${added} added` : `${removed} removed`}. "${collection.name}" has ${countOf(collection.files, 'file')}.`,
      ...unknownLines(rest.unknown),
    ],
  );
  return unknown.count === 0 ? EXIT.done : EXIT.failures;
}

function unknownLines({ count, guids }: UnknownGuids): string[] {
  if (count === 0) return [];
  return [`Not in the archive, ignored: ${firstOf(guids, guids.length, count)}.`];
}

const collectionLines = (collection: CollectionView): string[] =>
  fieldLines([
    ['Collection', `${collection.name} (ID ${collection.id})`],
    ['Description', collection.description],
    ['Files', collection.files],
    ['Created', `${formatTime(collection.createdAt)} by ${collection.createdBy}`],
  ]);
