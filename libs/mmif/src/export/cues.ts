import type { TimeSpan } from '../timeline.js';
import { joinWords, type Speech, type SpokenPiece } from './speech.js';

const SECOND = 1000;
/** What is read at a glance, as subtitlers have it. */
const LINE_LENGTH = 42;
const LINES = 2;
const LONGEST = 7 * SECOND;
const SHORTEST = SECOND;
/** A pause in which the text before it disappears. */
const PAUSE = 1.5 * SECOND;

/** Lines shown for a time, in milliseconds. */
export interface Cue extends TimeSpan {
  readonly lines: readonly string[];
}

/** Speech in portions of two lines and seven seconds at most; none begins before the one before it ends. */
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

/** Stays long enough to be read, but for what comes next. Two that begin together are shown together. */
function endOf({ start, end }: TimeSpan, next: number): number {
  const wanted = Math.min(Math.max(end, start + SHORTEST), start + LONGEST);
  return next > start ? Math.min(wanted, next) : wanted;
}

function portionsOf(sentence: SpokenPiece): SpokenPiece[] {
  if (fits(sentence.text) && sentence.end - sentence.start <= LONGEST) return [sentence];
  return sentence.words ? groupWords(sentence.words) : splitText(sentence);
}

/** Words up to what fits, a pause, or the end of a sentence. */
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

/** A text whose words have no times is divided into parts of about one length, and its time by their length. */
function splitText({ start, end, text }: SpokenPiece): SpokenPiece[] {
  const portions = evenPortions(text);
  const whole = portions.reduce((length, portion) => length + portion.length, 0);
  const timeAfter = (length: number) => start + Math.round(((end - start) * length) / whole);
  let said = 0;
  return portions.map((portion) => {
    const from = timeAfter(said);
    said += portion.length;
    return { start: from, end: timeAfter(said), text: portion };
  });
}

function evenPortions(text: string): string[] {
  const lines = wrap(text);
  const enough = lines.join(' ').length / Math.ceil(lines.length / LINES);
  const portions: string[] = [];
  let portion = '';
  for (const word of lines.flatMap((line) => line.split(' '))) {
    const longer = portion === '' ? word : `${portion} ${word}`;
    if (portion !== '' && (portion.length >= enough || !fits(longer))) {
      portions.push(portion);
      portion = word;
    } else portion = longer;
  }
  return [...portions, portion];
}

const fits = (text: string): boolean => wrap(text).length <= LINES;

/** Lines at spaces; a word longer than a line, or a script without spaces, is cut where the line ends. */
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
