import type { Command } from 'commander';
import { pathWith } from '../connection/paths.js';
import { actionSchema } from '#libs/contracts';
import { formatTime } from '../output/format.js';
import { type Runner, showList } from '../session.js';
import { limitOption, positive, withExamples } from './options.js';

interface ListOptions {
  readonly batch?: number;
  readonly limit?: number;
}

/** The fields of a request or an answer as one line, without those that are null or false. */
const fieldsText = (parts: Readonly<Record<string, unknown>>): string =>
  Object.entries(parts)
    .filter(([, value]) => value !== null && value !== false)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');

/** `chowda actions`: the audit log. */
export function addActionCommands(program: Command, run: Runner): void {
  withExamples(
    program
      .command('actions')
      .description('lists the audit log: who changed what, newest first')
      .option('--batch <id>', 'only changes to this batch, even if it was deleted', positive)
      .addOption(limitOption())
      .action(
        run<ListOptions>(async (session, _args, { batch, limit }) => {
          const path = pathWith('/api/actions', { batch });
          await showList(session, { path, limit, item: actionSchema, none: 'No actions.' }, [
            { title: 'Time', of: ({ at }) => formatTime(at) },
            { title: 'Actor', of: ({ actor }) => actor },
            { title: 'Action', of: ({ verb }) => (verb === 'replay' ? 'retry' : verb) },
            { title: 'Request', of: ({ request }) => fieldsText(request) },
            { title: 'Result', of: ({ answer }) => fieldsText(answer) },
          ]);
        }),
      ),
    'actions --batch 12',
    'actions --limit 20',
  );
}
