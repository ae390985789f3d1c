import { createHash } from 'node:crypto';
import {
  childLineageHeader,
  encodeBody,
  type StageEvent,
  newLineageHeader,
  type Slip,
  stageHeaders,
  stageSubject,
} from '#libs/contracts';
import { buildSourceMmif } from '#libs/mmif';
import type { BareRun } from './bare-run.js';

const INSTALLATION = 'b'.repeat(32);
const DEADLINE_SECONDS = 3600;
const ROOT = '1790000000000000000';

/** A message to publish. */
export interface BareMessage {
  readonly subject: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

const referenceTo = (document: Uint8Array) =>
  ({
    inline: true,
    sha256: createHash('sha256').update(document).digest('hex'),
    bytes: document.byteLength,
  }) as const;

function stageMessage(slip: Slip, document: Uint8Array, lineage: string): BareMessage {
  const subject = stageSubject(slip.route[slip.index]!.app, slip);
  return { subject, body: encodeBody(slip, document), headers: stageHeaders(slip, lineage) };
}

/** The first stage message of a run, of the same size as the scheduler's. */
export function firstMessage(batch: number, run: BareRun, slugs: readonly string[]): BareMessage {
  const document = buildSourceMmif({ kind: 'video', path: run.path });
  const slip: Slip = {
    v: 1,
    installation: INSTALLATION,
    batch,
    run: run.id,
    row: run.row,
    guid: run.guid,
    index: 0,
    generation: 1,
    root: null,
    route: slugs.map((app) => ({ app, parameters: {}, types: {}, mmifVersion: '1.0.5', deadline: DEADLINE_SECONDS })),
    document: referenceTo(document),
    trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  return stageMessage(slip, document, newLineageHeader(1));
}

/** The event that a stage started. */
export function startedEvent(slip: Slip, worker: string): StageEvent {
  const { v, installation, batch, run, row, guid, index, route } = slip;
  const now = Date.now();
  return {
    v,
    installation,
    batch,
    run,
    row,
    guid,
    index,
    stages: route.length,
    app: route[index]!.app,
    generation: 1,
    root: ROOT,
    delivery: 1,
    call: 1,
    worker,
    times: {
      published: now,
      started: now,
    },
    kind: 'started',
  };
}

/** The event that a stage is done, with the fields that a worker sets for a valid answer. */
export const doneEvent = (started: StageEvent, output: Uint8Array, annotations: number): StageEvent => ({
  ...started,
  kind: 'done',
  outcome: 'ok',
  sentence: `${started.app} found ${annotations} TimeFrame.`,
  httpStatus: 200,
  counts: { TimeFrame: annotations },
  warnings: [],
  notices: [],
  times: { ...started.times, settled: Date.now() },
  document: referenceTo(output),
});

/** The message of the next stage; null after the last stage. */
export function nextMessage(slip: Slip, { root, document }: StageEvent, output: Uint8Array): BareMessage | null {
  const index = slip.index + 1;
  if (index >= slip.route.length) return null;
  return stageMessage(
    { ...slip, index, root, document: document! },
    output,
    childLineageHeader({ generation: 1, root }),
  );
}
