import { randomBytes } from 'node:crypto';
import {
  encodeBody,
  isOfOtherBatch,
  newLineageHeader,
  type RouteStage,
  type Slip,
  stageHeaders,
  stageSubject,
  storedLineage,
  STREAMS,
} from '#libs/contracts';
import type { ClaimedRun } from '#libs/database';
import type { OncePerLineage, PackedDocument } from '#libs/messaging';

/** What the stage messages of one batch's runs have in common. */
export interface PublicationContext {
  /** What all running workers read. */
  readonly version: Slip['v'];
  readonly installation: string;
  readonly batch: number;
  readonly batchKey?: string | undefined;
  readonly route: readonly RouteStage[];
}

/** W3C traceparent with random ids, sampled. */
const newTrace = () => `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;

/** The message with which a run begins, or continues at a later stage. */
export function stagePublication(
  { version, installation, batch, batchKey, route }: PublicationContext,
  run: ClaimedRun,
  document: PackedDocument,
): OncePerLineage {
  const slip: Slip = {
    v: version,
    installation,
    batch,
    batchKey,
    run: run.id,
    row: run.row,
    guid: run.guid,
    index: run.index,
    generation: run.generation,
    root: null,
    route: [...route],
    document: document.ref,
    ...(run.calls > 0 ? { calls: run.calls } : {}),
    trace: newTrace(),
  };
  return {
    stream: STREAMS.stages.name,
    subject: stageSubject(slip.route[run.index]!.app, slip),
    body: encodeBody(slip, document.inline),
    headers: stageHeaders(slip, newLineageHeader(run.generation)),
    // Older than any stored root of this generation: a stored message of this generation means "already published".
    lineage: { generation: run.generation, root: '0' },
    lineageOf: (stored) => (isOfOtherBatch(stored.body, slip) ? null : storedLineage(stored)),
  };
}
