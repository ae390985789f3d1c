import {
  type Lineage,
  lineageOfStage,
  parseLineageHeader,
  parseStageSubject,
  readSlip,
  type RouteStage,
  type Slip,
} from '#libs/contracts';

/** A stage message, parsed: the stage whose turn it is, the lineage, and the document bytes behind the first line. */
export interface StageTask {
  readonly slip: Slip;
  readonly stage: RouteStage;
  readonly lineage: Lineage;
  readonly inline: Uint8Array;
  /** The message has no readable lineage, so it was not published by Chowda. */
  readonly isRawReplay: boolean;
}

/** The parts of a message that are read; `timestamp` is the broker's, in nanoseconds since 1970. */
export interface RawStage {
  readonly subject: string;
  readonly body: Uint8Array;
  readonly lineageHeader: string | undefined;
  readonly timestamp: string;
}

/** Parses a stage message; returns a sentence with the reason when it is not a valid one. */
export function readStageTask({ subject, body, lineageHeader, timestamp }: RawStage): StageTask | string {
  const address = parseStageSubject(subject);
  if (!address) return `The subject ${subject} does not name a stage.`;
  const read = readSlip(body);
  if (typeof read === 'string') return read;
  const { slip, inline } = read;
  const stage = slip.route[slip.index];
  if (!stage) return `The slip names stage ${slip.index}, but its route has only ${slip.route.length} stages.`;
  if (
    slip.batch !== address.batch ||
    slip.run !== address.run ||
    slip.index !== address.index ||
    stage.app !== address.app
  ) {
    return 'The slip names another stage than the subject.';
  }
  const headers = { get: () => lineageHeader };
  return {
    slip,
    stage,
    lineage: lineageOfStage({ headers, timestamp }, slip.generation),
    inline,
    isRawReplay: parseLineageHeader(lineageHeader) === null,
  };
}
