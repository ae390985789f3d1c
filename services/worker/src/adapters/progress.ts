import { z } from 'zod';
import type { StageProgress } from '#libs/contracts';

const POLL_MS = 500;
const percentSchema = z.object({ percent: z.number().min(0).max(100) });

/** Stops the reports about one call. */
export interface ProgressReports {
  stop(): void;
}

/** Polls an app for the percent of a call twice a second and reports every change; a failed poll is ignored. */
export function followProgress(
  address: URL,
  callId: string,
  onProgress: (progress: StageProgress) => void,
): ProgressReports {
  address.searchParams.set('call', callId);
  const stopped = new AbortController();
  let last = -1;
  const poll = async () => {
    try {
      const response = await fetch(address, { signal: stopped.signal });
      const answer = percentSchema.safeParse(response.ok ? await response.json() : undefined);
      if (answer.success && answer.data.percent !== last && !stopped.signal.aborted) {
        last = answer.data.percent;
        onProgress({ percent: last });
      }
    } catch {
      // Progress is optional: the call itself reports what is wrong with the app.
    }
  };
  const timer = setInterval(() => void poll(), POLL_MS).unref();
  return {
    stop: () => {
      clearInterval(timer);
      stopped.abort();
    },
  };
}
