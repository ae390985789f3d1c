import type { TimeSpan } from '../time/timeline.js';
import type { ExportItem, ExportView } from './export-items.js';

/** A spoken sentence or word; a sentence has its words when they have times of their own. */
export interface SpokenPiece extends TimeSpan {
  readonly text: string;
  readonly words?: readonly SpokenPiece[];
}

/** The speech in a document, as sentences or as words. */
export interface Speech {
  readonly kind: 'sentences' | 'words';
  /** In order of time. */
  readonly pieces: readonly SpokenPiece[];
}

const PARTS: readonly (readonly [type: string, kind: Speech['kind']])[] = [
  ['Sentence', 'sentences'],
  ['Token', 'words'],
  ['TextDocument', 'sentences'],
];

const byTime = (left: TimeSpan, right: TimeSpan): number => left.start - right.start || left.end - right.end;

/**
 * The speech from the newest view that has times for it: its sentences, else its words, else its texts. Only one of
 * several transcripts is used, because together they would repeat everything. Null when no view has timed speech.
 */
export function speechOf(views: readonly ExportView[]): Speech | null {
  for (const view of views.toReversed()) {
    for (const [type, kind] of PARTS) {
      const pieces = piecesOf(view, type);
      if (pieces.length > 0) return { kind, pieces };
    }
  }
  return null;
}

const piecesOf = ({ items }: ExportView, type: string): SpokenPiece[] =>
  items.flatMap((item) => (item.type === type ? (pieceOf(item) ?? []) : [])).sort(byTime);

function pieceOf(item: ExportItem): SpokenPiece | null {
  const time = item.directTime;
  if (!time?.spoken) return null;
  const words = item.targets.flatMap((target) => wordOf(target) ?? []).sort(byTime);
  const text = item.text ?? joinWords(words);
  if (text.trim() === '') return null;
  return { start: time.start, end: time.end, text, ...(words.length > 1 ? { words } : {}) };
}

function wordOf({ directTime: time, text }: ExportItem): SpokenPiece | null {
  return time?.spoken && text ? { start: time.start, end: time.end, text } : null;
}

/** Joins words with spaces, or without if the words already include them, as some apps write them. */
export function joinWords(words: readonly Pick<SpokenPiece, 'text'>[]): string {
  if (words.some(({ text }) => /^\s|\s$/.test(text))) return words.map(({ text }) => text).join('');
  return words.map(({ text }, at) => (at > 0 && !/^[.,;:!?%)\]}…'’]/.test(text) ? ` ${text}` : text)).join('');
}
