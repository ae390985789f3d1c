import type { Command } from 'commander';
import { explanationSchema } from '#libs/contracts';
import type { Runner } from '../session.js';
import { positive, withExamples } from './arguments.js';

/** `chowda explain`: why something is not getting on. */
export function addExplainCommands(program: Command, run: Runner): void {
  const explain = program.command('explain').description('tells why a run is not getting on, and what to do');
  withExamples(
    explain
      .command('run')
      .argument('<run>', 'id of the run', positive)
      .description('tells why a run is where it is')
      .action(
        run(async ({ api, output }, [id]) => {
          await output.show(await api.get(`/api/runs/${id}/explain`), explanationSchema, (told) => [
            `Run ${id} is ${told.state}: ${told.reason}`,
            ...(told.nextAction === '' ? [] : [told.nextAction]),
          ]);
        }),
      ),
    'explain run 4567',
  );
}
