import { milliseconds, type NatsLink } from '#libs/messaging';

const WORKING = '+WPI';

/** Messages from workers to the broker about stages in progress. */
export interface Heartbeats {
  readonly count: number;
  /** Longest time in ms between two messages about one stage: delivery, heartbeats, acknowledgement. */
  readonly longestSilence: number;
  /** Number of messages that were delivered more than once. */
  readonly redelivered: number;
}

/** Follows heartbeats and acknowledgements. The first silence counts from the time a message was stored, so stages must be delivered at once. */
export function followHeartbeats(link: NatsLink): () => Heartbeats {
  const lastSign = new Map<string, number>();
  const redelivered = new Set<string>();
  let [count, longestSilence] = [0, 0];
  link.connection.subscribe('$JS.ACK.STAGES.>', {
    callback: (_, message) => {
      // $JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>.<consumer sequence>.<timestamp>.<pending>
      const [deliveries, sequence = '', , timestamp = '0'] = message.subject.split('.').slice(4);
      const now = Date.now();
      const last = lastSign.get(sequence) ?? milliseconds(timestamp);
      longestSilence = Math.max(longestSilence, now - last);
      lastSign.set(sequence, now);
      if (Number(deliveries) > 1) redelivered.add(sequence);
      if (message.string() === WORKING) count += 1;
    },
  });
  return () => ({ count, longestSilence, redelivered: redelivered.size });
}
