import { z } from 'zod';
import { STAGE_MARKS } from '../marks.js';
import { RUN_STATES, STAGE_STATES } from '../states.js';
import { stageRunSchema } from './batches.js';
import { queryInteger } from './query-integer.js';

/** States by which runs are chosen: their own, and those of the stage at which they stand. */
export const RUN_FILTER_STATES = [...new Set([...RUN_STATES, ...STAGE_STATES])];

/** Query of `GET /api/batches/{id}/runs` besides the page: all that is given must hold. */
export const runFilterSchema = z.object({
  /** State of the run, or one that only stages have: of the stage at which it stands. With `stage`: of that stage. */
  state: z.enum(RUN_FILTER_STATES).optional(),
  /** The stage, from 0, that `state`, `mark` and `fingerprint` are about; alone: the stage at which runs stand. */
  stage: queryInteger(0, 31).optional(),
  mark: z.enum(STAGE_MARKS).optional(),
  /** The error group in which a run is. */
  fingerprint: z.string().min(1).max(2000).optional(),
  /** Part of a GUID, in any of its spellings, or of a title. */
  query: z.string().trim().max(200).optional(),
});
export type RunFilter = z.output<typeof runFilterSchema>;

/** One try of one stage, as in `GET /api/runs/{id}/attempts`. */
export const attemptSchema = stageRunSchema.extend({
  /** Names the try: its generation and its root. */
  attempt: z.string(),
  /** It stands now; the others were replaced by a newer try. */
  current: z.boolean(),
});
export type AttemptView = z.infer<typeof attemptSchema>;
