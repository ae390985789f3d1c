import { childLineageHeader, encodeBody, type Fact, type Slip, stageHeaders, stageSubject } from '#libs/contracts';
import type { Settlement } from './stage-log.js';

/** A stage message ready to be published. */
export interface StagePublication {
  readonly subject: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** The message of the stage after a committed success; null after the last stage or anything but a success. */
export function nextStage(slip: Slip, { fact, inline }: Settlement): StagePublication | null {
  const index = slip.index + 1;
  const stage = slip.route[index];
  if (!stage || fact.kind !== 'done' || !fact.document) return null;
  const next: Slip = { ...slip, ...lineageFields(fact), index, document: fact.document };
  return {
    subject: stageSubject(stage.app, next),
    body: encodeBody(next, 'inline' in fact.document ? inline : undefined),
    headers: stageHeaders(next, childLineageHeader(fact)),
  };
}

const lineageFields = ({ generation, root }: Fact) => ({ generation, root });
