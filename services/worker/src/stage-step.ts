/** The points between two steps of a stage at which a worker may be killed; each is reached after what it names. */
export const STAGE_STEPS = [
  'received',
  'looked',
  'announced',
  'answered',
  'packed',
  'committed',
  'handed-on',
  'acknowledged',
] as const;
export type StageStep = (typeof STAGE_STEPS)[number];
