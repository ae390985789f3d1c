import { runRowSchema, runSchema } from '#libs/contracts';
import { sha256 } from '#libs/messaging';
import { until } from '#deploy/local';
import type { RecordedCall } from './chaos-apps.js';
import type { ChaosStack } from './chaos-stack.js';
import { auditCounters } from './check/audit-counters.js';
import { callsAfterSettlement } from './check/calls-after-settlement.js';
import { wronglyForwarded } from './check/forwarded-documents.js';
import { differingClients } from './check/live-clients.js';
import { wronglyRecorded } from './check/recorded-stages.js';
import { settledTwice } from './check/settled-twice.js';
import { type StoredStage, wrongDocuments } from './check/stored-documents.js';
import type { StartedBatch } from './definitions.js';
import type { History } from './history.js';
import { inParallel } from './in-parallel.js';
import { type LiveViewer, readCells } from './live-viewer.js';

const SECOND = 1000;
const AT_ONCE = 8;
const CLIENTS_WITHIN = 20 * SECOND;

/** Violated invariants, one sentence each. */
export interface Findings {
  /** Runs that are not done. */
  readonly lost: readonly string[];
  readonly settledTwice: readonly string[];
  readonly calledAfterSettlement: readonly string[];
  readonly wronglyForwarded: readonly string[];
  readonly wronglyRecorded: readonly string[];
  readonly wrongDocuments: readonly string[];
  readonly disagreeingCounters: readonly string[];
  readonly differingClients: readonly string[];
}

/** The sources of the checks after the end. */
export interface Examined {
  readonly stack: ChaosStack;
  readonly history: History;
  readonly batches: readonly StartedBatch[];
  /** In the order of the batches. */
  readonly viewers: readonly (readonly LiveViewer[])[];
  readonly calls: readonly RecordedCall[];
  /** Whether all batches finished and all messages were handled. */
  readonly quiet: boolean;
}

/** Compares the apps, the streams, the database and the live clients. */
export async function examine({ stack, history, batches, viewers, calls, quiet }: Examined): Promise<Findings> {
  const { settlements, messages, starts } = history;
  const runs = batches.flatMap((batch) => batch.runs);
  const runOf = new Map(runs.map(({ id, guid }) => [guid, id]));
  const stageCalls = calls.map(({ guid, index, at }) => ({ run: runOf.get(guid)!, index, at }));
  const stages = (await inParallel(AT_ONCE, runs, (run) => storedStages(stack, run))).flat();
  return {
    lost: [...(quiet ? [] : ['the batches did not finish']), ...(await lostRuns(stack, batches))],
    settledTwice: settledTwice(settlements),
    calledAfterSettlement: callsAfterSettlement(stageCalls, { messages, settlements, starts }),
    wronglyForwarded: wronglyForwarded(messages, settlements),
    wronglyRecorded: wronglyRecorded(stages, settlements, history.log),
    wrongDocuments: wrongDocuments(stages, calls),
    disagreeingCounters: await auditCounters(stack.link),
    differingClients: (
      await Promise.all(batches.map(({ id }, nth) => compareClients(stack, id, viewers[nth]!)))
    ).flat(),
  };
}

async function lostRuns({ api }: ChaosStack, batches: readonly StartedBatch[]): Promise<string[]> {
  const rows = await inParallel(1, batches, ({ id }) => api.list(`/api/batches/${id}/runs`, runRowSchema));
  return rows
    .flat()
    .filter(({ state }) => state !== 'done')
    .map(({ id, guid, state, stages, sentence }) =>
      [`run ${id} (${guid}) is ${state}: ${stages.join(', ')}`, ...(sentence ? [sentence] : [])].join('; '),
    );
}

async function storedStages({ api }: ChaosStack, { id, guid }: StartedBatch['runs'][number]): Promise<StoredStage[]> {
  const { stages } = await api.get(`/api/runs/${id}`, runSchema);
  return inParallel(1, stages, async ({ index, state, document }) => {
    const bytes = document && (await api.bytes(document.url).catch(() => null));
    return { run: id, guid, index, state, named: document?.sha256 ?? null, read: bytes && sha256(bytes) };
  });
}

async function compareClients(stack: ChaosStack, batch: number, viewers: readonly LiveViewer[]): Promise<string[]> {
  const { webUrl, accessToken } = stack;
  const database = await readCells({ webUrl, accessToken, batch });
  const arrived = () => viewers.every(({ cells }) => cells.version >= database.version);
  // A client that stays behind is reported with its difference.
  await until('The last change at every client', CLIENTS_WITHIN, arrived).catch(() => undefined);
  return differingClients(
    batch,
    database,
    viewers.map(({ cells }) => cells),
  );
}
