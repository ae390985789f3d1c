/**
 * Which try of a run a message belongs to, compared by generation, then root.
 * `generation` is raised in Postgres before each publication by the scheduler; `root` is the broker's
 * timestamp of the lineage's first message in nanoseconds, as a decimal string (beyond 2^53).
 */
export interface Lineage {
  readonly generation: number;
  readonly root: string;
}

/** Name of the header that tells the lineage; children carry `<generation>.<root>`, the scheduler `<generation>.new`. */
export const LINEAGE_HEADER = 'Chowda-Lineage';

/** Below 0 when `a` is older than `b`, 0 when they are the same, above 0 when `a` is newer. */
export function compareLineage(a: Lineage, b: Lineage): number {
  if (a.generation !== b.generation) return a.generation - b.generation;
  const [rootA, rootB] = [BigInt(a.root), BigInt(b.root)];
  return rootA < rootB ? -1 : rootA > rootB ? 1 : 0;
}

export const childLineageHeader = ({ generation, root }: Lineage) => `${generation}.${root}`;
/** Header of a lineage's first message: its root is the timestamp the broker gives that very message. */
export const newLineageHeader = (generation: number) => `${generation}.new`;

/** What a lineage header says; null when it is absent (an operator's raw replay) or unreadable. */
export function parseLineageHeader(header: string | undefined): { generation: number; root: string | 'new' } | null {
  const match = /^(\d{1,9})\.(new|\d{1,20})$/.exec(header ?? '');
  return match ? { generation: Number(match[1]), root: match[2]! } : null;
}

/**
 * The lineage of a stage message. Without a header it is an operator's raw replay: `fallbackGeneration` (that of
 * the newest settlement, else the slip's) with the message's own timestamp as root, so that it is newer than what it repeats.
 */
export function lineageOfStage(
  raw: { readonly lineageHeader: string | undefined; readonly timestamp: string },
  fallbackGeneration: number,
): Lineage {
  const header = parseLineageHeader(raw.lineageHeader);
  if (!header) return { generation: fallbackGeneration, root: raw.timestamp };
  return { generation: header.generation, root: header.root === 'new' ? raw.timestamp : header.root };
}
