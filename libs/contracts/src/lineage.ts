/**
 * The attempt of a run that a message belongs to, compared by generation, then root. The scheduler raises `generation`
 * in Postgres before each message that it publishes. `root` is the broker's timestamp of the lineage's first message, in
 * nanoseconds, as a decimal string (it exceeds 2^53).
 */
export interface Lineage {
  readonly generation: number;
  readonly root: string;
}

/** Header with the lineage: workers write `<generation>.<root>`, the scheduler `<generation>.new`. */
export const LINEAGE_HEADER = 'Chowda-Lineage';

/** Below 0 when `a` is older than `b`, 0 when they are the same, above 0 when `a` is newer. */
export function compareLineage(a: Lineage, b: Lineage): number {
  if (a.generation !== b.generation) return a.generation - b.generation;
  const [rootA, rootB] = [BigInt(a.root), BigInt(b.root)];
  return rootA < rootB ? -1 : rootA > rootB ? 1 : 0;
}

export const childLineageHeader = ({ generation, root }: Lineage) => `${generation}.${root}`;
/** Header of a lineage's first message: its root is the broker's timestamp of that message. */
export const newLineageHeader = (generation: number) => `${generation}.new`;

/** Parses a lineage header; null when it is absent (an operator's raw replay) or invalid. */
export function parseLineageHeader(header: string | undefined): { generation: number; root: string | 'new' } | null {
  const match = /^(\d{1,9})\.(new|\d{1,20})$/.exec(header ?? '');
  return match ? { generation: Number(match[1]), root: match[2]! } : null;
}

/**
 * The lineage of a stage message. A message without the header is an operator's raw replay: its generation is
 * `fallbackGeneration` (that of the newest settlement, else the slip's) and its root is its own timestamp, so that it is
 * newer than what it repeats.
 */
export function lineageOfStage(
  raw: { readonly lineageHeader: string | undefined; readonly timestamp: string },
  fallbackGeneration: number,
): Lineage {
  const header = parseLineageHeader(raw.lineageHeader);
  if (!header) return { generation: fallbackGeneration, root: raw.timestamp };
  return { generation: header.generation, root: header.root === 'new' ? raw.timestamp : header.root };
}
