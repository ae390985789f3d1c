import type { Command } from 'commander';
import { explanationSchema } from '#libs/contracts';
import type { Runner } from '../session.js';
import { withExamples } from './options.js';

/** What can be explained: description of its argument, path and example. */
const SUBJECTS = {
  run: { argument: 'ID of the run', path: 'runs', example: '4567' },
  batch: { argument: 'ID of the batch', path: 'batches', example: '12' },
  app: { argument: 'slug of the app', path: 'apps', example: 'chowda-text_v1-0' },
} as const;

/** `chowda explain`: why a run, a batch or an app makes no progress. */
export function addExplainCommands(program: Command, run: Runner): void {
  const explain = program.command('explain').description('explains why a run, a batch or an app makes no progress');
  for (const [subject, { argument, path, example }] of Object.entries(SUBJECTS))
    withExamples(
      explain
        .command(subject)
        .argument(`<${subject}>`, argument)
        .description(`explains the state of this ${subject} and what to do`)
        .action(
          run(async ({ api, output }, [id]) => {
            const answer = await api.get(`/api/${path}/${encodeURIComponent(id!)}/explain`);
            await output.show(answer, explanationSchema, ({ state, reason, nextAction }) => [
              `${subject} ${id} is ${state}: ${reason}`,
              ...(nextAction === '' ? [] : [nextAction]),
            ]);
          }),
        ),
      `explain ${subject} ${example}`,
    );
}
