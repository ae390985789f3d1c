import { milliseconds, type NatsLink } from '#libs/messaging';

const WORKING = '+WPI';

/** What the broker heard about stages that were worked on. */
export interface Heartbeats {
  readonly count: number;
  /** Longest time in milliseconds between two signs about one stage: its message, heartbeats, acknowledgement. */
  readonly longestSilence: number;
  /** Messages that were handed over more than once. */
  readonly redelivered: number;
}

/** Listens to what workers tell the broker about stages; meant for stages that are delivered as soon as they are stored. */
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
