/**
 * Identity of one attempt of a run, compared by generation, then by root.
 * The scheduler raises `generation` in Postgres before it publishes a stage; `root` is the broker's timestamp of the
 * lineage's first message in nanoseconds, as a decimal string (beyond 2^53).
 */
export interface Lineage {
  readonly generation: number;
  readonly root: string;
}

/** Header that carries the lineage: `<generation>.new` in the scheduler's message, `<generation>.<root>` in later ones. */
export const LINEAGE_HEADER = 'Chowda-Lineage';

/** Negative when `a` is older than `b`, 0 when they are equal, positive when `a` is newer. */
export function compareLineage(a: Lineage, b: Lineage): number {
  if (a.generation !== b.generation) return a.generation - b.generation;
  const [rootA, rootB] = [BigInt(a.root), BigInt(b.root)];
  return rootA < rootB ? -1 : rootA > rootB ? 1 : 0;
}

/** Header of a message that a worker publishes: the lineage of the stage before. */
export const childLineageHeader = ({ generation, root }: Lineage) => `${generation}.${root}`;
/** Header of a lineage's first message, whose root is the timestamp that the broker gives to that message. */
export const newLineageHeader = (generation: number) => `${generation}.new`;

/** Parses a lineage header; null when it is absent (an operator's raw replay) or unreadable. */
export function parseLineageHeader(header: string | undefined): { generation: number; root: string | 'new' } | null {
  const match = /^(\d{1,9})\.(new|\d{1,20})$/.exec(header ?? '');
  return match ? { generation: Number(match[1]), root: match[2]! } : null;
}

/** What identifies the lineage of a stored stage message; `timestamp` is the broker's, in nanoseconds since 1970. */
interface StoredStage {
  readonly headers: { get(name: string): string | undefined };
  readonly timestamp: string;
}

/** The lineage of a stored stage message; null without a readable header (an operator's raw replay). */
export function storedLineage({ headers, timestamp }: StoredStage): Lineage | null {
  const header = parseLineageHeader(headers.get(LINEAGE_HEADER));
  return header && { generation: header.generation, root: header.root === 'new' ? timestamp : header.root };
}

/**
 * The lineage of a stage message, also of a raw replay. A replay has `fallbackGeneration` (that of the newest
 * settlement, otherwise the slip's) and its own timestamp as root, so that it is newer than what it repeats.
 */
export const lineageOfStage = (stored: StoredStage, fallbackGeneration: number): Lineage =>
  storedLineage(stored) ?? { generation: fallbackGeneration, root: stored.timestamp };
