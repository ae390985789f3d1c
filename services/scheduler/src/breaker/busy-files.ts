import { fileKey, type Settled } from './settled.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** After so many refusals of one file, while the app processes others, the file is the cause. */
export const REFUSALS_OF_A_FILE = 5;
const DELAY = 5 * SECOND;
/** Without other files to compare with, the app may have become busy: five refusals then take more than an hour. */
const DELAY_ALONE = 15 * MINUTE;

interface Refused {
  readonly count: number;
  /** Another file has succeeded since the first refusal, and since the last one. */
  readonly othersSucceeded: boolean;
  readonly othersSucceedNow: boolean;
}

/** Finds files that an app always refuses as busy, while it processes others. */
export class BusyFiles {
  private readonly refused = new Map<string, Refused>();
  private readonly refusedSinceSuccess = new Set<string>();

  /** Whether the app refuses this file and no other, with this settlement as the newest one. */
  isSuspect(settled: Settled): boolean {
    const key = fileKey(settled);
    const isAlone = [...this.refusedSinceSuccess].every((file) => file === key);
    return settled.unreached === 'busy' && isAlone && (this.refused.get(key)?.othersSucceeded ?? false);
  }

  /** Whether a refusal is the file's fault, and counts as an attempt. */
  isFault(settled: Settled): boolean {
    return this.isSuspect(settled) && this.refused.get(fileKey(settled))!.count + 1 >= REFUSALS_OF_A_FILE;
  }

  /** Milliseconds before the app is called again for a refused file. */
  delay(settled: Settled): number {
    return this.isSuspect(settled) && !this.refused.get(fileKey(settled))!.othersSucceedNow ? DELAY_ALONE : DELAY;
  }

  add(settled: Settled): void {
    const key = fileKey(settled);
    if (settled.unreached === 'busy') {
      const before = this.refused.get(key) ?? { count: 0, othersSucceeded: false };
      const count = before.count === 0 || this.isSuspect(settled) ? before.count + 1 : before.count;
      this.refused.set(key, { ...before, count, othersSucceedNow: false });
      this.refusedSinceSuccess.add(key);
      return;
    }
    this.refused.delete(key);
    if (settled.result !== 'success') return;
    this.refusedSinceSuccess.clear();
    for (const [file, known] of this.refused)
      this.refused.set(file, { ...known, othersSucceeded: true, othersSucceedNow: true });
  }
}
