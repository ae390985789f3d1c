import { monotonicNow } from '#libs/runtime';

/** What both clocks of this process show at one moment, in milliseconds. */
export interface Clocks {
  /** For intervals; it stops while the machine sleeps. */
  readonly monotonic: number;
  /** Since 1970; it can be set at any time. */
  readonly wall: number;
}

export const readClocks = (): Clocks => ({ monotonic: monotonicNow(), wall: Date.now() });
