import { setTimeout } from 'node:timers/promises';
import { isUnavailable } from '#libs/database';

const SECOND = 1000;
/** Half a minute in all: as long as a database takes to start again. */
const WAITS = [1, 2, 4, 8, 16].map((seconds) => seconds * SECOND);

/** Reads again while the database does not answer: a download of hours need not end because of it. */
export async function patiently<Result>(
  read: () => Promise<Result>,
  wait: (milliseconds: number) => Promise<unknown> = setTimeout,
): Promise<Result> {
  for (const pause of WAITS) {
    try {
      return await read();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      await wait(pause);
    }
  }
  return read();
}
