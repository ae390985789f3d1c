import {
  decodeBody,
  type Lineage,
  lineageOfStage,
  parseStageSubject,
  type RouteStage,
  type Slip,
  slipSchema,
} from '#libs/contracts';

/** A stage message understood: whose turn it is, in which lineage, with which document bytes behind its first line. */
export interface StageTask {
  readonly slip: Slip;
  readonly stage: RouteStage;
  readonly lineage: Lineage;
  readonly inline: Uint8Array;
}

/** What is read of a message: its subject, body, lineage header, and the broker's timestamp in nanoseconds. */
export interface RawStage {
  readonly subject: string;
  readonly body: Uint8Array;
  readonly lineageHeader: string | undefined;
  readonly timestamp: string;
}

/** Reads a stage message; a text says why it cannot be one. */
export function readStageTask(raw: RawStage): StageTask | string {
  const address = parseStageSubject(raw.subject);
  if (!address) return `The subject ${raw.subject} names no stage.`;
  let body: ReturnType<typeof decodeBody>;
  try {
    body = decodeBody(raw.body);
  } catch {
    return 'The first line of the message is no JSON.';
  }
  const parsed = slipSchema.safeParse(body.head);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return `The first line of the message is no slip: ${issue.path.join('.')} ${issue.message}.`;
  }
  const slip = parsed.data;
  const stage = slip.route[slip.index];
  if (!stage) return `The slip names stage ${slip.index} of a route of ${slip.route.length}.`;
  if (
    slip.batch !== address.batch ||
    slip.run !== address.run ||
    slip.index !== address.index ||
    stage.app !== address.app
  ) {
    return 'The slip is of another stage than the subject names.';
  }
  return { slip, stage, lineage: lineageOfStage(raw, slip.generation), inline: body.rest };
}
