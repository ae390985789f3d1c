import type { Cue } from './cues.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** `01:02:03.004`; media longer than 99 h get more digits. */
export function clock(milliseconds: number, separator: '.' | ','): string {
  const time = Math.max(0, Math.round(milliseconds));
  const pad = (value: number, digits = 2) => String(Math.floor(value)).padStart(digits, '0');
  return `${pad(time / HOUR)}:${pad((time % HOUR) / MINUTE)}:${pad((time % MINUTE) / SECOND)}${separator}${pad(time % SECOND, 3)}`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Cues as WebVTT; characters that would form a tag or an arrow are escaped. */
export const webVtt = (cues: readonly Cue[]): string =>
  `WEBVTT\n\n${cues
    .map(
      ({ start, end, lines }, at) =>
        `${at + 1}\n${clock(start, '.')} --> ${clock(end, '.')}\n` +
        `${lines.map((line) => line.replace(/[&<>]/g, (sign) => ENTITIES[sign]!)).join('\n')}\n`,
    )
    .join('\n')}`;

/** Cues as SubRip, which has no escapes: an arrow within a text is shortened, so that it remains text. */
export const subRip = (cues: readonly Cue[]): string =>
  cues
    .map(
      ({ start, end, lines }, at) =>
        `${at + 1}\n${clock(start, ',')} --> ${clock(end, ',')}\n` +
        `${lines.map((line) => line.replace(/-->/g, '->')).join('\n')}\n`,
    )
    .join('\n');
