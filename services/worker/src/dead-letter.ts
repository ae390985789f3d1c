import { deadSubject, parseStageSubject, type StageAddress } from '#libs/contracts';
import type { Delivery, NatsLink } from '#libs/messaging';

/** Why a stage message is moved to DEAD. */
export interface DeadLetterReason {
  readonly class: 'malformed' | 'foreign' | 'crash-loop';
  readonly sentence: string;
}

const NOWHERE: StageAddress = { batch: 0, run: 0, index: 0 };

/**
 * Stores a stage message verbatim in DEAD, with the reason in its headers. The caller acknowledges the original
 * afterwards; a repetition after a kill in between stores nothing, because the message id is the same.
 */
export async function deadLetter(
  link: NatsLink,
  worker: string,
  { subject, body, info }: Pick<Delivery, 'subject' | 'body' | 'info'>,
  reason: DeadLetterReason,
): Promise<void> {
  const address = parseStageSubject(subject);
  await link.publisher.publish(deadSubject(address?.app ?? 'unknown', address ?? NOWHERE), body, {
    headers: {
      'Chowda-Reason': reason.class,
      'Chowda-Error': reason.sentence,
      'Chowda-Orig-Subject': subject,
      'Chowda-Orig-Seq': String(info.streamSequence),
      'Chowda-Deliveries': String(info.deliveries),
      'Chowda-Worker': worker,
      'Nats-Msg-Id': `${info.streamSequence}.${info.timestamp}`,
    },
  });
}
