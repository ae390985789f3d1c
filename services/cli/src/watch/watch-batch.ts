import { batchSchema } from '#libs/contracts';
import { CliError, EXIT, type ExitCode } from '../exit-codes.js';
import { understood } from '../output/output.js';
import type { Session } from '../session.js';
import { BatchFeed } from './batch-feed.js';
import { endingOf } from './ending.js';
import { screenFor } from './screens.js';

/** Shows a batch until it has ended. */
export async function watchBatch({ api, output, signal }: Session, batch: number): Promise<ExitCode> {
  const fetchView = async () => understood(batchSchema, (await api.get(`/api/batches/${batch}`)).body);
  const feed = new BatchFeed(api.server, batch, fetchView);
  const screen = screenFor(output);
  try {
    for await (const view of feed.states(signal)) {
      if (view.summary.state === 'draft')
        throw new CliError(`Batch ${batch} is not started: "chowda batches start ${batch}" starts it.`);
      await screen.show(view);
      const ending = endingOf(view.summary);
      if (ending !== null) return ending;
    }
    return EXIT.interrupted;
  } finally {
    screen.close();
  }
}
