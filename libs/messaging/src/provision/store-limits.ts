import type { JetStreamManager } from 'nats';
import { DOCUMENTS_BUCKET, DOCUMENTS_MAX_BYTES, MAX_MESSAGE_BYTES, STREAMS } from '#libs/contracts';
import { ProvisionError, StorageRefused } from '../errors.js';

const DOCUMENTS_STREAM = `OBJ_${DOCUMENTS_BUCKET}`;
/** The limits that Chowda wants for its file streams, in bytes by stream. */
const WANTED: ReadonlyMap<string, number> = new Map([
  ...Object.values(STREAMS)
    .filter(({ storage }) => storage === 'file')
    .map(({ name, maxBytes }) => [name, maxBytes] as const),
  [DOCUMENTS_STREAM, DOCUMENTS_MAX_BYTES],
]);
const WANTED_SUM = [...WANTED.values()].reduce((sum, bytes) => sum + bytes, 0);
/** Share of the storage that the limits may take; the control bucket and the server's own files take the rest. */
const USABLE = 0.9;
const NEXT_SHARE = 0.75;
/** A stream with fewer bytes could not keep the messages of the largest slots. */
const SMALLEST_STAGES = 4 * MAX_MESSAGE_BYTES;
const MEBIBYTE = 1024 * 1024;

/** A stream that exists: its limit (-1: none) and its content, in bytes. */
export interface ExistingStream {
  readonly limit: number;
  readonly stored: number;
}

/** Where a limit belongs: the streams of the server, and one attempt to apply limits to them. */
export interface LimitedStore {
  /** Storage of the account in bytes; null when only the server knows it. */
  capacity(): Promise<number | null>;
  existing(): Promise<ReadonlyMap<string, ExistingStream>>;
  /** Applies the limits in their order; throws StorageRefused when the server has no room for one. */
  apply(limits: ReadonlyMap<string, number>): Promise<void>;
}

/**
 * The byte limits of the file streams of one installation. The server reserves nothing for a limit, but refuses limits
 * whose sum exceeds its own (`max_file_store`), which no request reports: smaller shares are tried until it accepts
 * them. The object remembers the accepted share, so that later calls change nothing; the next process starts at the full
 * limits again, which lets them grow after the server's limit was raised.
 */
export class StoreLimits {
  private share: number | undefined;
  private said: string | null = null;

  /** `budget`: bytes that the streams may take in all, for example the free disk space; default: unlimited. */
  constructor(private readonly budget = Infinity) {}

  /** A sentence when the limits are smaller than wanted, or cannot be applied; null otherwise. */
  get notice(): string | null {
    return this.said;
  }

  /** Finds limits that the server accepts; throws ProvisionError when it has too little storage. */
  async fit(store: LimitedStore): Promise<void> {
    const capacity = this.share === undefined ? await store.capacity() : null;
    this.share ??= shareOf(Math.min(this.budget, capacity ?? Infinity));
    let existing: ReadonlyMap<string, ExistingStream> =
      this.share < 1 ? await store.existing() : new Map<string, ExistingStream>();
    for (let share = this.share; ; share *= NEXT_SHARE) {
      const limits = limitsAt(share, existing);
      if (limits === null) return this.giveUp(existing);
      try {
        await store.apply(limits);
        this.share = share;
        this.said = share < 1 ? reduced(limits) : null;
        return;
      } catch (error) {
        if (!(error instanceof StorageRefused)) throw error;
        existing = await store.existing();
      }
    }
  }

  /** A server whose own limit was lowered refuses every change, but its streams continue to work. */
  private giveUp(existing: ReadonlyMap<string, ExistingStream>): void {
    const advice = 'Raise its limit for files (max_file_store, or the limit of the account).';
    if ([...WANTED.keys()].some((name) => !existing.has(name))) {
      throw new ProvisionError(`The NATS server has too little storage for the streams of Chowda. ${advice}`);
    }
    this.said = `The NATS server refuses new limits for its streams, because their sum exceeds its own. ${advice}`;
  }
}

const shareOf = (bytes: number): number => Math.min(1, (USABLE * bytes) / WANTED_SUM);

/**
 * The limits at a share of the wanted ones, smaller limits first, because the server checks the sum after each of them.
 * A limit is at least twice what its stream stores, since a smaller one could remove messages that are still needed.
 * Null when the share is too small to work with.
 */
export function limitsAt(share: number, existing: ReadonlyMap<string, ExistingStream>): Map<string, number> | null {
  const limits = [...WANTED].map(([name, wanted]) => {
    const stored = existing.get(name)?.stored ?? 0;
    return [name, Math.min(wanted, Math.max(Math.floor(wanted * share), 2 * stored))] as const;
  });
  if (STREAMS.stages.maxBytes * share < SMALLEST_STAGES) return null;
  const growth = ([name, limit]: readonly [string, number]) => limit - Math.max(0, existing.get(name)?.limit ?? 0);
  return new Map(share === 1 ? limits : limits.toSorted((a, b) => growth(a) - growth(b)));
}

function reduced(limits: ReadonlyMap<string, number>): string {
  const sizes = [...limits].map(([name, bytes]) => `${name} ${Math.floor(bytes / MEBIBYTE)} MiB`);
  return (
    `The NATS server or its disk has no room for the usual limits of the streams (${WANTED_SUM / MEBIBYTE} MiB). ` +
    `They are reduced to: ${sizes.join(', ')}.`
  );
}

/** What a server stores, as `StoreLimits` reads it. */
export const storeOf = (manager: JetStreamManager): Omit<LimitedStore, 'apply'> => ({
  async capacity() {
    const { limits } = await manager.getAccountInfo();
    return limits.max_storage > 0 ? limits.max_storage : null;
  },
  async existing() {
    const found = new Map<string, ExistingStream>();
    for await (const { config, state } of manager.streams.list()) {
      found.set(config.name, { limit: config.max_bytes, stored: state.bytes });
    }
    return found;
  },
});
