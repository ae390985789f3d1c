import type { Command } from 'commander';
import { explanationSchema } from '#libs/contracts';
import type { Runner } from '../session.js';
import { withExamples } from './arguments.js';

/** What can be asked about: how it is named, and where it is found. */
const SUBJECTS = {
  run: { names: 'id of the run', path: 'runs', example: '4567' },
  batch: { names: 'id of the batch', path: 'batches', example: '12' },
  app: { names: 'the app', path: 'apps', example: 'chowda-text_v1-0' },
} as const;

/** `chowda explain`: why something is not getting on. */
export function addExplainCommands(program: Command, run: Runner): void {
  const explain = program.command('explain').description('tells why a run, a batch or an app is not getting on');
  for (const [subject, { names, path, example }] of Object.entries(SUBJECTS))
    withExamples(
      explain
        .command(subject)
        .argument(`<${subject}>`, names)
        .description(`tells why this ${subject} is where it is, and what to do`)
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
