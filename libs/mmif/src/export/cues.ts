import type { TimeSpan } from '../time/timeline.js';
import { joinWords, type Speech, type SpokenPiece } from './speech.js';

const SECOND = 1000;
/** Limits that subtitlers use, so that a cue can be read at a glance. */
const LINE_LENGTH = 42;
const LINES = 2;
const LONGEST = 7 * SECOND;
const SHORTEST = SECOND;
/** A pause of this length ends a cue. */
const PAUSE = 1.5 * SECOND;

/** Lines of text with the time span in which they are shown, in milliseconds. */
export interface Cue extends TimeSpan {
  readonly lines: readonly string[];
}

/** Speech in cues of at most two lines and seven seconds, in order of time; a cue ends when the next one begins. */
export function cuesOf({ kind, pieces }: Speech): Cue[] {
  const portions = kind === 'words' ? groupWords(pieces) : pieces.flatMap(portionsOf);
  const ordered = portions
    .filter(({ text }) => text.trim() !== '')
    .sort((left, right) => left.start - right.start || left.end - right.end);
  return ordered.map(({ start, end, text }, at) => ({
    start,
    end: endOf({ start, end }, ordered[at + 1]?.start ?? Infinity),
    lines: wrap(text),
  }));
}

/** Extends a cue so that it can be read, up to the start of the next. Cues with the same start are shown together. */
function endOf({ start, end }: TimeSpan, next: number): number {
  const wanted = Math.min(Math.max(end, start + SHORTEST), start + LONGEST);
  return next > start ? Math.min(wanted, next) : wanted;
}

function portionsOf(sentence: SpokenPiece): SpokenPiece[] {
  if (fits(sentence.text) && sentence.end - sentence.start <= LONGEST) return [sentence];
  return sentence.words ? groupWords(sentence.words) : splitText(sentence);
}

/** Groups words into portions that end at a full cue, a pause, or the end of a sentence. */
function groupWords(words: readonly SpokenPiece[]): SpokenPiece[] {
  const portions: SpokenPiece[] = [];
  let group: SpokenPiece[] = [];
  const close = () => {
    if (group.length > 0) {
      portions.push({ start: group[0]!.start, end: group.at(-1)!.end, text: joinWords(group) });
    }
    group = [];
  };
  for (const word of words) {
    if (group.length > 0 && !continues(group, word)) close();
    group.push(word);
  }
  close();
  return portions;
}

function continues(group: readonly SpokenPiece[], word: SpokenPiece): boolean {
  const [first, last] = [group[0]!, group.at(-1)!];
  if (word.start - last.end > PAUSE || word.end - first.start > LONGEST) return false;
  if (/[.?!…。？！]["'”’)]*\s*$/.test(last.text) && last.end - first.start >= SHORTEST) return false;
  return fits(joinWords([...group, word]));
}

/** Divides a text whose words have no times into parts of similar length, and its time in proportion to their length. */
function splitText({ start, end, text }: SpokenPiece): SpokenPiece[] {
  const portions = evenPortions(text);
  const total = portions.reduce((sum, portion) => sum + portion.length, 0);
  const timeAfter = (characters: number) => start + Math.round(((end - start) * characters) / total);
  let length = 0;
  return portions.map((portion) => {
    const from = timeAfter(length);
    length += portion.length;
    return { start: from, end: timeAfter(length), text: portion };
  });
}

function evenPortions(text: string): string[] {
  const lines = wrap(text);
  const evenLength = lines.join(' ').length / Math.ceil(lines.length / LINES);
  const portions: string[] = [];
  let portion = '';
  for (const word of lines.flatMap((line) => line.split(' '))) {
    const longer = portion === '' ? word : `${portion} ${word}`;
    if (portion !== '' && (portion.length >= evenLength || !fits(longer))) {
      portions.push(portion);
      portion = word;
    } else portion = longer;
  }
  return [...portions, portion];
}

const fits = (text: string): boolean => wrap(text).length <= LINES;

/** Breaks lines at spaces; cuts a word longer than a line, or a script without spaces, at the end of the line. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    for (const part of cut(word)) {
      if (line === '') line = part;
      else if (line.length + 1 + part.length <= LINE_LENGTH) line += ` ${part}`;
      else {
        lines.push(line);
        line = part;
      }
    }
  }
  return line === '' ? lines : [...lines, line];
}

function cut(word: string): string[] {
  if (word.length <= LINE_LENGTH) return [word];
  const points = Array.from(word);
  const parts: string[] = [];
  for (let at = 0; at < points.length; at += LINE_LENGTH) parts.push(points.slice(at, at + LINE_LENGTH).join(''));
  return parts;
}
