/** Points at which a test can kill a worker; each is reached when the named step is complete. */
export const STAGE_STEPS = [
  'received',
  /** The history of the stage is read, if necessary, and the next action is decided. */
  'checked',
  /** `started` is sent. */
  'announced',
  'answered',
  /** The output is stored in the bucket, or is small enough to be sent inline. */
  'packed',
  'committed',
  'next-published',
  'acknowledged',
] as const;
export type StageStep = (typeof STAGE_STEPS)[number];
