import { LINEAGE_HEADER } from './lineage.js';
import type { Slip } from './slip.js';

/**
 * Header of a stage message that a worker hands on: when the stage before was settled, in milliseconds since 1970. What
 * the broker stores much later may have been overtaken: another worker has handed the run on meanwhile.
 */
export const DECIDED_HEADER = 'Chowda-Decided';

/** Headers of a stage message: what a person wants to see, and the lineage and `decided`, which alone mean something. */
export const stageHeaders = (slip: Slip, lineage: string, decided?: number): Readonly<Record<string, string>> => ({
  [LINEAGE_HEADER]: lineage,
  ...(decided === undefined ? {} : { [DECIDED_HEADER]: String(decided) }),
  'Chowda-Batch': String(slip.batch),
  'Chowda-Run': String(slip.run),
  'Chowda-Guid': slip.guid,
  'Chowda-Stage': String(slip.index),
  'Chowda-App': slip.route[slip.index]!.app,
  'Chowda-Document': 'inline' in slip.document ? 'inline' : slip.document.key,
  ...(slip.trace ? { traceparent: slip.trace } : {}),
});
