import { LINEAGE_HEADER } from './lineage.js';
import type { Slip } from './slip.js';

/**
 * Header of a stage message that a worker publishes: when the previous stage was settled, in milliseconds since 1970. A
 * message that the broker stored much later may be outdated, because another worker has continued the run meanwhile.
 */
export const DECIDED_HEADER = 'Chowda-Decided';

/** Headers of a stage message. Only the lineage and `decided` affect processing; the others are for human readers. */
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
