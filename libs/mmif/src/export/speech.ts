import type { Mmif, View } from '../model.js';
import { shortType } from '../short-type.js';
import { type PlacedAnnotation, placedIn, type TimeSpan } from '../timeline.js';
import type { DocumentTexts } from './document-texts.js';
import type { TextTimes } from './text-times.js';

/** Something that is said; a sentence knows its words when they have times of their own. */
export interface SpokenPiece extends TimeSpan {
  readonly text: string;
  readonly words?: readonly SpokenPiece[];
}

/** What is said in a document, and in which form it was found. */
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
 * What is said, as the newest view tells that knows when: its sentences, else its words, else its texts. Of two
 * transcripts only one is taken, because both together would say everything twice. Null when no view knows of speech.
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
  const time = source.times.direct(placed);
  if (!time?.spoken) return null;
  const words = source.times
    .targets(placed)
    .flatMap((target) => wordOf(target, source) ?? [])
    .sort(byTime);
  const text = source.texts.said(placed) ?? joinWords(words);
  if (text.trim() === '') return null;
  return { start: time.start, end: time.end, text, ...(words.length > 1 ? { words } : {}) };
}

function wordOf(placed: PlacedAnnotation, { texts, times }: Source): SpokenPiece | null {
  const time = times.direct(placed);
  const text = texts.said(placed);
  return time?.spoken && text ? { start: time.start, end: time.end, text } : null;
}

/** Words as one text: some apps write the space that stands before a word with the word. */
export function joinWords(words: readonly Pick<SpokenPiece, 'text'>[]): string {
  if (words.some(({ text }) => /^\s|\s$/.test(text))) return words.map(({ text }) => text).join('');
  return words.map(({ text }, at) => (at > 0 && !/^[.,;:!?%)\]}…'’]/.test(text) ? ` ${text}` : text)).join('');
}
