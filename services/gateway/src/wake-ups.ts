/** Tells the scheduler that there is something to do. It looks by itself every second, so a lost one does no harm. */
export abstract class WakeUps {
  abstract wake(subject: string): void;
}
