import { batchSchema } from '#libs/contracts';
import type { System } from '../workbench/system.js';
import { createBatch, startBatch, untilFinished } from './batches.js';
import type { Chowda } from './chowda.js';

/** Chowda, compared with a peer: the recorder's message for clients reports the end of a batch. */
export const chowdaSystem = (chowda: Chowda): System => ({
  name: 'Chowda',
  apps: chowda.apps,
  replaceWorker: () => chowda.replaceWorker(),
  prepare: async (files) => {
    const batch = await createBatch(chowda, files);
    const finished = untilFinished(chowda.link, batch);
    await chowda.link.connection.flush();
    const view = () => chowda.api.get(`/api/batches/${batch.id}`, batchSchema);
    return {
      run: async () => void (await Promise.all([startBatch(chowda, batch), finished])),
      isFinished: async () => (await view()).summary.state === 'finished',
      doneFiles: async () => (await view()).summary.runs.done,
    };
  },
});
