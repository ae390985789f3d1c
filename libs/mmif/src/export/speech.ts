import type { Mmif, View } from '../model/mmif.js';
import { shortType } from '../model/type-uri.js';
import { type PlacedAnnotation, placedIn, type TimeSpan } from '../time/timeline.js';
import type { DocumentTexts } from './document-texts.js';
import type { TextTimes } from './text-times.js';

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
export function speechOf(mmif: Mmif, texts: DocumentTexts, times: TextTimes): Speech | null {
  for (const view of mmif.views.toReversed()) {
    for (const [type, kind] of PARTS) {
      const pieces = piecesOf(view, type, { texts, times });
      if (pieces.length > 0) return { kind, pieces };
    }
  }
  return null;
}

interface Source {
  readonly texts: DocumentTexts;
  readonly times: TextTimes;
}

function piecesOf(view: View, type: string, source: Source): SpokenPiece[] {
  return [...placedIn(view)]
    .flatMap((placed) => (shortType(placed.annotation['@type']) === type ? (pieceOf(placed, source) ?? []) : []))
    .sort(byTime);
}

function pieceOf(placed: PlacedAnnotation, source: Source): SpokenPiece | null {
  const time = source.times.directTime(placed);
  if (!time?.spoken) return null;
  const words = source.times
    .targets(placed)
    .flatMap((target) => wordOf(target, source) ?? [])
    .sort(byTime);
  const text = source.texts.textOf(placed) ?? joinWords(words);
  if (text.trim() === '') return null;
  return { start: time.start, end: time.end, text, ...(words.length > 1 ? { words } : {}) };
}

function wordOf(placed: PlacedAnnotation, { texts, times }: Source): SpokenPiece | null {
  const time = times.directTime(placed);
  const text = texts.textOf(placed);
  return time?.spoken && text ? { start: time.start, end: time.end, text } : null;
}

/** Joins words with spaces, or without if the words already include them, as some apps write them. */
export function joinWords(words: readonly Pick<SpokenPiece, 'text'>[]): string {
  if (words.some(({ text }) => /^\s|\s$/.test(text))) return words.map(({ text }) => text).join('');
  return words.map(({ text }, at) => (at > 0 && !/^[.,;:!?%)\]}…'’]/.test(text) ? ` ${text}` : text)).join('');
}
