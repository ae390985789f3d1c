import type { Command } from 'commander';
import { actionSchema } from '#libs/contracts';
import { momentOf } from '../output/words.js';
import { pathWith, type Runner, showList } from '../session.js';
import { positive, withExamples } from './arguments.js';

interface ListOptions {
  readonly batch?: number;
  readonly limit?: number;
}

/** What is known of a command, in as few words as it takes. */
const wordsOf = (parts: Readonly<Record<string, unknown>>): string =>
  Object.entries(parts)
    .filter(([, value]) => value !== null && value !== false)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');

/** `chowda actions`: who did what. */
export function addActionCommands(program: Command, run: Runner): void {
  withExamples(
    program
      .command('actions')
      .description('lists who did what, the newest first')
      .option('--batch <id>', 'only what has changed this batch, which may be deleted', positive)
      .option('--limit <number>', 'at most so many', positive)
      .action(
        run<ListOptions>(async (session, _args, { batch, limit }) => {
          const path = pathWith('/api/actions', { batch });
          await showList(session, { path, limit, item: actionSchema, none: 'Nothing was done.' }, [
            { title: 'When', of: ({ at }) => momentOf(at) },
            { title: 'Who', of: ({ actor }) => actor },
            { title: 'What', of: ({ verb }) => (verb === 'replay' ? 'retry' : verb) },
            { title: 'Asked', of: ({ request }) => wordsOf(request) },
            { title: 'Became', of: ({ answer }) => wordsOf(answer) },
          ]);
        }),
      ),
    'actions --batch 12',
    'actions --limit 20',
  );
}
