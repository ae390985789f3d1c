/** A box in a frame, in pixels. */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** A line that tesseract recognised; `confidence` in percent. */
export interface RecognisedLine {
  readonly text: string;
  readonly confidence: number;
  readonly bbox: Box;
}

/** The lines of a paragraph. */
export interface RecognisedParagraph {
  readonly lines: readonly RecognisedLine[];
}

/** Text read with sufficient confidence, and the box around all of it. */
export interface LegibleText {
  readonly text: string;
  readonly box: Box;
}

// Grass, leaves and patterns are read as "WY IN BT" with 10 to 45 % confidence; real text is rarely below 65 %.
const FEWEST_LETTERS = 3;

const isLegible = ({ text, confidence }: RecognisedLine, minConfidence: number) =>
  confidence >= minConfidence && (text.match(/[\p{L}\p{N}]/gu) ?? []).length >= FEWEST_LETTERS;

function around(boxes: readonly Box[]): Box {
  return {
    x0: Math.min(...boxes.map(({ x0 }) => x0)),
    y0: Math.min(...boxes.map(({ y0 }) => y0)),
    x1: Math.max(...boxes.map(({ x1 }) => x1)),
    y1: Math.max(...boxes.map(({ y1 }) => y1)),
  };
}

/**
 * The lines with at least `minConfidence` percent, separated by `\n`, and by an empty line between paragraphs. Null if
 * there are none.
 */
export function legibleText(paragraphs: readonly RecognisedParagraph[], minConfidence: number): LegibleText | null {
  const kept = paragraphs
    .map(({ lines }) => lines.filter((line) => isLegible(line, minConfidence)))
    .filter((lines) => lines.length > 0);
  if (kept.length === 0) return null;
  return {
    text: kept.map((lines) => lines.map(({ text }) => text.trim()).join('\n')).join('\n\n'),
    box: around(kept.flat().map(({ bbox }) => bbox)),
  };
}
