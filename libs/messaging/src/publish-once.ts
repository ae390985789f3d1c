import type { Lineage } from '#libs/contracts';
import { decideConflict } from './conflict.js';
import { PublishConflict, PublishRefused } from './errors.js';
import type { NatsLink } from './nats-link.js';
import { readLast, type StoredMessage } from './stored-message.js';
import { untilAnswered } from './until-answered.js';

/** A message that may stand once per lineage as the last of its subject. */
export interface OncePerLineage {
  readonly stream: string;
  readonly subject: string;
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly lineage: Lineage;
  /** The lineage of a message found on the subject; null when it cannot be read. */
  readonly lineageOf: (stored: StoredMessage) => Lineage | null;
}

export type PublishedOnce =
  | { readonly as: 'ours' }
  /** Somebody of the same lineage was first. */
  | { readonly as: 'theirs'; readonly stored: StoredMessage }
  | { readonly as: 'superseded' };

/**
 * Publishes a message unless its lineage or a newer one stands on the subject already. Goes on through lost
 * acknowledgements and broker restarts until the answer is certain; throws PublishRefused for what the server
 * will never take, and the signal's reason when the process stops.
 */
export async function publishOnce(
  link: NatsLink,
  message: OncePerLineage,
  signal: AbortSignal,
): Promise<PublishedOnce> {
  let expectLast = 0;
  return untilAnswered<PublishedOnce>(
    async () => {
      for (;;) {
        if (await tryPublish(link, message, expectLast)) return { as: 'ours' };
        const stored = await readLast(link.connection, message.stream, message.subject);
        const decision = stored ? decideConflict(message.lineage, message.lineageOf(stored)) : 'replace';
        if (decision === 'superseded') return { as: 'superseded' };
        if (decision === 'adopt') return { as: 'theirs', stored: stored! };
        expectLast = stored?.sequence ?? 0;
      }
    },
    signal,
    (error) => error instanceof PublishRefused,
  );
}

async function tryPublish(link: NatsLink, message: OncePerLineage, expectLast: number): Promise<boolean> {
  const { subject, body, headers = {} } = message;
  try {
    await link.publisher.publish(subject, body, { headers, expectLast });
    return true;
  } catch (error) {
    if (error instanceof PublishConflict) return false;
    throw error;
  }
}
