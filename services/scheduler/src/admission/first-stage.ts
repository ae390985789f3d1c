import { randomBytes } from 'node:crypto';
import {
  encodeBody,
  LINEAGE_HEADER,
  type Lineage,
  newLineageHeader,
  parseLineageHeader,
  type RouteStage,
  type Slip,
  stageHeaders,
  stageSubject,
  STREAMS,
} from '#libs/contracts';
import type { ClaimedRun } from '#libs/database';
import {
  type NatsLink,
  type OncePerLineage,
  type PackedDocument,
  publishOnce,
  type StoredMessage,
} from '#libs/messaging';
import { buildSourceMmif } from '#libs/mmif';

/** What the first messages of one batch's runs have in common. */
export interface Departure {
  readonly installation: string;
  readonly batch: number;
  readonly sourceVocabulary: 'old' | 'new';
  readonly route: readonly RouteStage[];
}

/** W3C traceparent with random ids, sampled. */
const newTrace = () => `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;

/** The first stage message of a run. */
export function firstStage(departure: Departure, run: ClaimedRun, source: PackedDocument): OncePerLineage {
  const slip: Slip = {
    v: 1,
    installation: departure.installation,
    batch: departure.batch,
    run: run.id,
    row: run.row,
    guid: run.guid,
    index: 0,
    generation: run.generation,
    root: null,
    route: [...departure.route],
    document: source.ref,
    trace: newTrace(),
  };
  return {
    stream: STREAMS.stages.name,
    subject: stageSubject(slip.route[0]!.app, slip),
    body: encodeBody(slip, source.inline),
    headers: stageHeaders(slip, newLineageHeader(run.generation)),
    // Any root of this generation is newer than ours: a message of this generation is there already.
    lineage: { generation: run.generation, root: '0' },
    lineageOf: storedLineage,
  };
}

function storedLineage(stored: StoredMessage): Lineage | null {
  const header = parseLineageHeader(stored.headers.get(LINEAGE_HEADER));
  return header && { generation: header.generation, root: header.root === 'new' ? stored.timestamp : header.root };
}

/** Publishes a run's first stage message unless one of its generation is there already. */
export async function publishFirstStage(
  link: NatsLink,
  departure: Departure,
  run: ClaimedRun,
  signal: AbortSignal,
): Promise<void> {
  const document = buildSourceMmif(run, { vocabulary: departure.sourceVocabulary });
  const source = await link.documents.pack({ batch: departure.batch, run: run.id, index: 0 }, document);
  await publishOnce(link, firstStage(departure, run, source), signal);
}
