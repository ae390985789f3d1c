import type { Lineage } from '#libs/contracts';
import { decideConflict } from './conflict.js';
import { PublishConflict, PublishRefused } from '../errors.js';
import type { NatsLink } from '../connection/nats-link.js';
import { readLast, type StoredMessage } from '../streams/stored-message.js';
import { untilAnswered } from '../connection/until-answered.js';

/** A message that a lineage may publish once on its subject. */
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
  /** Another process published the message of this lineage first. */
  | { readonly as: 'theirs'; readonly stored: StoredMessage }
  | { readonly as: 'superseded' };

/**
 * Publishes a message unless the last message of its subject has the same lineage or a newer one. Retries after lost
 * acknowledgements and broker restarts until the result is certain: each attempt expects the last known sequence, and a
 * conflict is resolved by comparing lineages (`conflict.ts`). Throws PublishRefused for a message that the server never
 * accepts, and the signal's reason when the process stops.
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
