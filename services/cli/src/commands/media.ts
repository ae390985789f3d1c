import type { Command } from 'commander';
import { mediaFileSchema } from '#libs/contracts';
import { momentOf } from '../output/words.js';
import { pathWith, type Runner, showList } from '../session.js';
import { positive, withExamples } from './arguments.js';

interface ListOptions {
  readonly query?: string;
  readonly limit?: number;
}

/** `chowda media`: what the archive holds. */
export function addMediaCommands(program: Command, run: Runner): void {
  const media = program.command('media').description('media files: import, list, show');

  withExamples(
    media
      .command('list')
      .description('lists media files, newest last')
      .option('--query <text>', 'only those whose GUID or title has this')
      .option('--limit <number>', 'at most so many', positive)
      .action(
        run<ListOptions>(async (session, _args, { query, limit }) => {
          const path = pathWith('/api/media-files', { query });
          await showList(session, { path, limit, item: mediaFileSchema, none: 'No media files.' }, [
            { title: 'GUID', of: ({ guid }) => guid },
            { title: 'Kind', of: ({ kind }) => kind },
            { title: 'Added', of: ({ createdAt }) => momentOf(createdAt) },
            { title: 'Title', of: ({ title }) => title },
          ]);
        }),
      ),
    'media list --query "evening report"',
    'media list --json | jq -r .guid',
  );
}
