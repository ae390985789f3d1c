import { deadSubject, parseStageSubject, type StageAddress } from '#libs/contracts';
import type { Delivery, NatsLink } from '#libs/messaging';

/** Why a stage message was given up. */
export interface DeadLetterReason {
  readonly class: 'malformed' | 'foreign' | 'crash-loop';
  readonly sentence: string;
}

const NOWHERE: StageAddress = { batch: 0, run: 0, index: 0 };

/** Keeps a stage message verbatim in DEAD with the reason in its headers; the caller acknowledges it afterwards. */
export async function deadLetter(
  link: NatsLink,
  worker: string,
  delivery: Delivery,
  reason: DeadLetterReason,
): Promise<void> {
  const address = parseStageSubject(delivery.subject);
  await link.publisher.publish(deadSubject(address?.app ?? 'unknown', address ?? NOWHERE), delivery.body, {
    headers: {
      'Chowda-Reason': reason.class,
      // Header values end at a line break.
      'Chowda-Error': reason.sentence.replaceAll(/\s+/g, ' '),
      'Chowda-Orig-Subject': delivery.subject,
      'Chowda-Orig-Seq': String(delivery.info.streamSequence),
      'Chowda-Deliveries': String(delivery.info.deliveries),
      'Chowda-Worker': worker,
    },
  });
}
