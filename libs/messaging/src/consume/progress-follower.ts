import type { NatsConnection, Subscription } from 'nats';
import {
  parseProgressSubject,
  type Progress,
  PROGRESS_FILTER,
  progressSchema,
  type StageAddress,
} from '#libs/contracts';

/** Percentage of one running stage. */
export type ProgressMessage = StageAddress & Progress;

/** Passes on the percentages of all running stages from now on; messages that are not valid are dropped. */
export function followProgress(
  connection: NatsConnection,
  onProgress: (message: ProgressMessage) => void,
): Subscription {
  return connection.subscribe(PROGRESS_FILTER, {
    callback: (error, message) => {
      const address = error ? null : parseProgressSubject(message.subject);
      const progress = address && readProgress(message.data);
      if (progress) onProgress({ ...address, ...progress });
    },
  });
}

function readProgress(body: Uint8Array): Progress | null {
  try {
    return progressSchema.parse(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return null;
  }
}
