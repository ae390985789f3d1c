import type { Command } from 'commander';
import { batchSchema, type ErrorGroup } from '#libs/contracts';
import { countOf } from '../output/words.js';
import type { Runner } from '../session.js';
import { positive, withExamples } from './arguments.js';

/** `chowda errors`: why runs of a batch failed, similar failures as one. */
export function addErrorCommands(program: Command, run: Runner): void {
  withExamples(
    program
      .command('errors')
      .argument('<batch>', 'id of the batch', positive)
      .description('groups the failures of a batch by their cause, and says what to do')
      .action(
        run(async ({ api, output }, [id]) => {
          await output.show(await api.get(`/api/batches/${id}`), batchSchema, ({ summary: { errors } }) =>
            errors.length === 0 ? [`No failures in batch ${id}.`] : errors.flatMap(groupLines),
          );
        }),
      ),
    'errors 12',
  );
}

const groupLines = ({ count, index, app, sentence, nextAction }: ErrorGroup): string[] => [
  `${countOf(count, 'file')} failed at stage ${index} (${app}): ${sentence}`,
  ...(nextAction === null ? [] : [`  ${nextAction}`]),
];
