/** Points at which a test can kill the scheduler; each is reached when the named step is complete. */
export const SCHEDULER_STEPS = [
  /** The results that runs reuse are decided; none of the runs is published. */
  'decided',
  /** Stage messages of admitted runs are published; the transaction that admits them is not committed. */
  'published',
  'admitted',
  /** Events have arrived; none of them is recorded. */
  'received',
  /** Events are recorded, but neither acknowledged nor published live. */
  'recorded',
  'live-published',
  /** A command is executed; its sender has no answer. */
  'commanded',
] as const;
export type SchedulerStep = (typeof SCHEDULER_STEPS)[number];

/** Called after each step, for tests that kill the scheduler there. */
export type OnSchedulerStep = (step: SchedulerStep) => void;
/** Injection token of that function. */
export const ON_SCHEDULER_STEP = Symbol('on scheduler step');
