import type { Command } from 'commander';
import { pathWith } from '../connection/paths.js';
import { type MediaFileDetail, mediaFileDetailSchema, mediaFileRowSchema, mediaLinkSchema } from '#libs/contracts';
import { fieldLines } from '../output/table.js';
import { formatDuration, formatTime } from '../output/format.js';
import { type Runner, showList } from '../session.js';
import { fileArgument, limitOption, withExamples } from './options.js';
import { collectionId } from './id-by-name.js';
import { addImportCommands } from './media-import.js';

interface ListOptions {
  readonly query?: string;
  readonly status?: string;
  readonly collection?: string;
  readonly limit?: number;
}

/** `chowda media`: the media files of the archive. */
export function addMediaCommands(program: Command, run: Runner): void {
  const media = program.command('media').description('media files: import, report, list, show, link');
  addImportCommands(media, run);
  withExamples(
    media
      .command('list')
      .description('lists media files')
      .option('--query <text>', 'only media files whose GUID or title contains these words')
      .option('--status <status>', 'only by status of the latest run: never, waiting, running, done, failed, cancelled')
      .option('--collection <name>', 'only media files of this collection, by name or ID')
      .addOption(limitOption())
      .action(
        run<ListOptions>(async (session, _args, { query, status, collection, limit }) => {
          const id = collection === undefined ? undefined : await collectionId(session, collection);
          const path = pathWith('/api/media-files', { query, status, collection: id });
          await showList(session, { path, limit, item: mediaFileRowSchema, none: 'No media files.' }, [
            { title: 'GUID', of: ({ guid }) => guid },
            { title: 'Kind', of: ({ kind }) => kind },
            {
              title: 'Length',
              of: ({ durationMs }) => (durationMs === null ? null : formatDuration(durationMs / 1000)),
            },
            { title: 'Latest run', of: ({ status: state }) => state },
            { title: 'Title', of: ({ title }) => title },
          ]);
        }),
      ),
    'media list --query "evening report" --status failed',
    'media list --json | jq -r .guid',
  );
  withExamples(
    media
      .command('show')
      .addArgument(fileArgument())
      .description('shows a media file with all of its runs')
      .action(
        run(async ({ api, output }, [guid]) => {
          const answer = await api.get(`/api/media-files/${encodeURIComponent(guid!)}`);
          await output.show(answer, mediaFileDetailSchema, fileLines);
        }),
      ),
    'media show cpb-aacip-507-zw18k75z4h',
  );
  withExamples(
    media
      .command('link')
      .addArgument(fileArgument())
      .description('prints a link for media players; it is valid for one hour')
      .action(
        run(async ({ api, output }, [guid]) => {
          const answer = await api.send('POST', `/api/media-files/${encodeURIComponent(guid!)}/link`);
          await output.show(answer, mediaLinkSchema, ({ url }) => [new URL(url, api.server.url).href]);
        }),
      ),
    'media link cpb-aacip-507-zw18k75z4h',
  );
}

function fileLines(file: MediaFileDetail): string[] {
  const runs = file.runs.map(({ run, batch, pipeline, state, createdAt, sentence }) => {
    const why = sentence === null ? '' : `: ${sentence}`;
    return `  run ${run}, batch ${batch.id} (${batch.name}), ${pipeline.name} v${pipeline.version}, ${formatTime(createdAt)}: ${state}${why}`;
  });
  return [
    ...fieldLines([
      ['File', file.guid],
      ['Title', file.title],
      ['Kind', file.kind],
      ['Length', file.durationMs === null ? null : formatDuration(file.durationMs / 1000)],
      ['Path', file.path],
      ['Added', formatTime(file.createdAt)],
      ['Collections', file.collections.map(({ name }) => name).join(', ')],
      ...Object.entries(file.metadata),
    ]),
    ...(runs.length === 0 ? ['Never processed.'] : ['Runs', ...runs]),
  ];
}
