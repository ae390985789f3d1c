import { setTimeout } from 'node:timers/promises';
import { isUnavailable } from '#libs/database';

const SECOND = 1000;
/** 31 s in total, which covers a restart of the database. */
const DELAYS_MS = [1, 2, 4, 8, 16].map((seconds) => seconds * SECOND);

/** Repeats a read while the database is unavailable, so that a restart does not abort a download that takes hours. */
export async function retryRead<Result>(
  read: () => Promise<Result>,
  wait: (milliseconds: number) => Promise<unknown> = setTimeout,
): Promise<Result> {
  for (const delay of DELAYS_MS) {
    try {
      return await read();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      await wait(delay);
    }
  }
  return read();
}
