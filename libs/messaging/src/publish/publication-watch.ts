const SECOND = 1000;
/** Shorter failures are normal while a server restarts. */
const LASTING = 5 * SECOND;
/** Without another failure, the publisher has given up, and nothing is known any more. */
const FORGET_AFTER = 60 * SECOND;

/** Publications that the broker has refused for at least 5 s. */
export interface PublicationRefusal {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** The last answer of the broker. */
  readonly reason: string;
  /** Failed attempts. */
  readonly count: number;
}

interface Failing {
  readonly since: number;
  /** Times of the monotonic clock in milliseconds. */
  readonly first: number;
  last: number;
  reason: string;
  count: number;
  isReported: boolean;
}

/** Receives each lasting refusal once, and its end once. */
export interface RefusalListener {
  onLasting(refusal: PublicationRefusal, destination: string): void;
  onEnded(refusal: PublicationRefusal, destination: string): void;
}

/**
 * Notices that the broker refuses publications for longer than a moment, for example because its storage is full. Each
 * destination counts for itself: a full bucket refuses documents while events are still stored.
 */
export class PublicationWatch {
  private readonly failing = new Map<string, Failing>();

  constructor(
    private readonly listener: RefusalListener,
    private readonly now: () => number = () => performance.now(),
  ) {}

  failed(subject: string, reason: string): void {
    const destination = destinationOf(subject);
    const now = this.now();
    const known = this.failing.get(destination);
    const isNew = !known || now - known.last > FORGET_AFTER;
    const failing = isNew ? { since: Date.now(), first: now, last: now, reason, count: 0, isReported: false } : known;
    Object.assign(failing, { last: now, reason, count: failing.count + 1 });
    this.failing.set(destination, failing);
    if (failing.isReported || now - failing.first < LASTING) return;
    failing.isReported = true;
    this.listener.onLasting(refusalOf(failing), destination);
  }

  succeeded(subject: string): void {
    if (this.failing.size === 0) return;
    const destination = destinationOf(subject);
    const failing = this.failing.get(destination);
    this.failing.delete(destination);
    if (failing?.isReported) this.listener.onEnded(refusalOf(failing), destination);
  }

  /** The oldest refusal that lasts; null when the broker accepts publications. */
  current(): PublicationRefusal | null {
    const now = this.now();
    const lasting = [...this.failing.values()].filter(
      ({ isReported, last }) => isReported && now - last <= FORGET_AFTER,
    );
    const [oldest] = lasting.toSorted((a, b) => a.first - b.first);
    return oldest ? refusalOf(oldest) : null;
  }
}

const refusalOf = ({ since, reason, count }: Failing): PublicationRefusal => ({ since, reason, count });

/** The stream or bucket of a subject: `$O.documents`, `$KV.control`, `stage`, `event`. */
const destinationOf = (subject: string): string => {
  const [first = '', second = ''] = subject.split('.', 2);
  return first.startsWith('$') ? `${first}.${second}` : first;
};
