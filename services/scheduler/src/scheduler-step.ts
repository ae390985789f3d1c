/** The points between two steps of the scheduler at which it may be killed; each is reached after what it names. */
export const SCHEDULER_STEPS = [
  /** What runs take over of earlier ones is decided; nothing of them is published. */
  'decided',
  /** Stage messages of admitted runs are published; the transaction that admits them is not committed. */
  'published',
  'admitted',
  /** Events have arrived; nothing of them is recorded. */
  'received',
  /** Events are recorded, and neither acknowledged nor told. */
  'recorded',
  'told',
  /** What somebody has asked for is done; they are not answered. */
  'commanded',
] as const;
export type SchedulerStep = (typeof SCHEDULER_STEPS)[number];

/** Is told of each step reached, for tests that kill the scheduler there. */
export type OnSchedulerStep = (step: SchedulerStep) => void;
/** Under which it is injected. */
export const ON_SCHEDULER_STEP = Symbol('on scheduler step');
