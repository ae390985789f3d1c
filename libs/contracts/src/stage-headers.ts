import { LINEAGE_HEADER } from './lineage.js';
import type { Slip } from './slip.js';

/** Headers of a stage message: what a person wants to see, and the lineage, which alone means something. */
export const stageHeaders = (slip: Slip, lineage: string): Readonly<Record<string, string>> => ({
  [LINEAGE_HEADER]: lineage,
  'Chowda-Batch': String(slip.batch),
  'Chowda-Run': String(slip.run),
  'Chowda-Guid': slip.guid,
  'Chowda-Stage': String(slip.index),
  'Chowda-App': slip.route[slip.index]!.app,
  'Chowda-Document': 'inline' in slip.document ? 'inline' : slip.document.key,
  ...(slip.trace ? { traceparent: slip.trace } : {}),
});
