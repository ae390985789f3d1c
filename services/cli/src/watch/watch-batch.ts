import { batchSchema } from '#libs/contracts';
import { CliError, EXIT, type ExitCode } from '../exit-codes.js';
import { parseAnswer } from '../output/output.js';
import type { Session } from '../session.js';
import { BatchFeed } from './batch-feed.js';
import { watchResult } from './watch-result.js';
import { screenFor } from './screens.js';

/** Shows a batch until it or its trial has finished; returns the exit code. */
export async function watchBatch({ api, output, signal }: Session, batch: number): Promise<ExitCode> {
  const fetchView = async () => parseAnswer(batchSchema, (await api.get(`/api/batches/${batch}`)).body);
  const feed = new BatchFeed(api.server, batch, fetchView);
  const screen = screenFor(output);
  try {
    for await (const view of feed.states(signal)) {
      if (view.summary.state === 'draft')
        throw new CliError(`Batch ${batch} has not been started. "chowda batches start ${batch}" starts it.`);
      await screen.show(view);
      const exitCode = watchResult(view.summary);
      if (exitCode !== null) return exitCode;
    }
    return EXIT.interrupted;
  } finally {
    screen.close();
  }
}
