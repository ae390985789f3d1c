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

/** What the messages by which one batch's runs begin or go on have in common. */
export interface PublicationContext {
  readonly installation: string;
  readonly batch: number;
  readonly sourceVocabulary: 'old' | 'new';
  readonly route: readonly RouteStage[];
}

/** W3C traceparent with random ids, sampled. */
const newTrace = () => `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;

/** The message by which a run begins, or goes on at a later stage. */
export function stagePublication(
  context: PublicationContext,
  run: ClaimedRun,
  document: PackedDocument,
): OncePerLineage {
  const slip: Slip = {
    v: 1,
    installation: context.installation,
    batch: context.batch,
    run: run.id,
    row: run.row,
    guid: run.guid,
    index: run.index,
    generation: run.generation,
    root: null,
    route: [...context.route],
    document: document.ref,
    trace: newTrace(),
  };
  return {
    stream: STREAMS.stages.name,
    subject: stageSubject(slip.route[run.index]!.app, slip),
    body: encodeBody(slip, document.inline),
    headers: stageHeaders(slip, newLineageHeader(run.generation)),
    // Any root of this generation is newer than ours: a message of this generation is there already.
    lineage: { generation: run.generation, root: '0' },
    lineageOf: storedLineage,
  };
}

/** The lineage of a stage message as its stream holds it; null when its header does not say. */
export function storedLineage(stored: StoredMessage): Lineage | null {
  const header = parseLineageHeader(stored.headers.get(LINEAGE_HEADER));
  return header && { generation: header.generation, root: header.root === 'new' ? stored.timestamp : header.root };
}

/** Reads an archived document by its digest. */
export type ReadDocument = (sha256: string) => Promise<Uint8Array>;

/**
 * Publishes the message by which a run begins or goes on, unless one of its generation is there already. A run goes on
 * from the archived output of the stage before, never from what a failed stage answered.
 */
export async function publishStage(
  link: NatsLink,
  context: PublicationContext,
  run: ClaimedRun,
  { read, signal }: { readonly read: ReadDocument; readonly signal: AbortSignal },
): Promise<void> {
  const document = run.input
    ? await read(run.input.sha256)
    : buildSourceMmif(run, { vocabulary: context.sourceVocabulary });
  const packed = await link.documents.pack({ batch: context.batch, run: run.id, index: run.index }, document);
  await publishOnce(link, stagePublication(context, run, packed), signal);
}
