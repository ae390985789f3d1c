import { coverage, coverageGap } from './coverage.js';
import type { TypeCounts } from './view-contents.js';
import type { MmifSummary, ViewSummary } from './summarise.js';
import { classifyWarnings } from './view-contents.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const WIDTH = 120;
/** Limits that keep the summary on one screen. */
const MOST_VIEWS = 15;
const MOST_DOCUMENTS = 5;
const MOST_MESSAGES = 5;

/** A summary that fits on one screen: documents, a table of views, errors, warnings and the coverage of the media. */
export function summaryText(summary: MmifSummary): string {
  return [
    ...summary.documents
      .slice(0, MOST_DOCUMENTS)
      .map(({ id, type, mime, location }) => [id, type, mime, location ?? 'inline text'].filter(Boolean).join('  ')),
    ...rest(summary.documents.length - MOST_DOCUMENTS, 'document'),
    '',
    ...viewTable(summary),
    ...messages(summary),
    ...reach(summary),
  ]
    .map((line) => shorten(line, WIDTH))
    .join('\n');
}

function viewTable({ views, totals }: MmifSummary): string[] {
  if (views.length === 0) return ['No views: no app has processed this document yet.'];
  const rows = [
    ['View', 'App', 'Time', 'Remarks', 'Annotations'],
    ...views.slice(0, MOST_VIEWS).map(row),
    ...(views.length > 1 ? [['', 'all', '', '', countsText(totals)]] : []),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, ...rest(views.length - MOST_VIEWS, 'view')];
}

function row(view: ViewSummary): string[] {
  const { warnings, notices } = classifyWarnings(view.warnings);
  const remarks = [
    view.error ? 'error' : '',
    amount(warnings.length, 'warning'),
    amount(notices.length, 'notice'),
  ].filter((remark) => remark !== '');
  return [view.id, appText(view.app), timeText(view.runningTime), remarks.join(', ') || '-', countsText(view.counts)];
}

function messages({ views }: MmifSummary): string[] {
  const all = views.flatMap(({ id, error, warnings }) => [
    ...(error ? [`${id} failed: ${withoutPython(error.message)}`] : []),
    ...classifyWarnings(warnings).warnings.map((warning) => `${id} warning: ${withoutPython(warning)}`),
  ]);
  if (all.length === 0) return [];
  return ['', ...all.slice(0, MOST_MESSAGES), ...rest(all.length - MOST_MESSAGES, 'message')];
}

function reach({ latest, duration, views }: MmifSummary): string[] {
  if (views.length === 0) return [];
  if (latest === null) return ['', 'No annotation has a time.'];
  const reached = coverage({ latest, duration });
  const end = `The last annotation ends at ${clock(latest)}`;
  if (reached === null) return ['', `${end}; the duration of the media is unknown.`];
  const gap = coverageGap(reached);
  return ['', `${end} of ${clock(reached.of)}${gap === null ? '' : `: it ${gap}`}.`];
}

const rest = (count: number, noun: string): string[] => (count > 0 ? [`... and ${amount(count, `more ${noun}`)}`] : []);

const amount = (count: number, noun: string): string =>
  count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`;

const countsText = (counts: TypeCounts): string =>
  Object.entries(counts)
    .map(([type, count]) => `${count} ${type}`)
    .join(', ') || 'none';

/** `<class 'ValueError'>: no` as `ValueError: no`, `{message : UserWarning('no'), category : …}` as `UserWarning: no`. */
const withoutPython = (message: string): string =>
  message.replace(/^<class '([\w.]+)'>/, '$1').replace(/^\{message : (\w+)\((['"])(.*)\2\), category : .*$/s, '$1: $3');

const appText = (app: string): string => app.replace(/^https?:\/\/apps\.clams\.ai\//, '') || '(no app)';

/** Seconds in the unit that reads best: `5.4 s`, `12 min`, `2.5 h`. */
function timeText(seconds: number | null): string {
  if (seconds === null) return '-';
  if (seconds < MINUTE) return `${seconds.toFixed(1)} s`;
  if (seconds < HOUR) return `${Math.round(seconds / MINUTE)} min`;
  return `${(seconds / HOUR).toFixed(1)} h`;
}

/** Milliseconds as hours, minutes and seconds: `1:02:03`. */
function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${Math.floor(seconds / HOUR)}:${two(Math.floor((seconds % HOUR) / MINUTE))}:${two(seconds % MINUTE)}`;
}

/** One line of limited width, without control characters, which a terminal would interpret. */
function shorten(line: string, width: number): string {
  const plain = line.replace(/\p{Cc}+/gu, ' ').trimEnd();
  return plain.length > width ? `${plain.slice(0, width - 1)}…` : plain;
}
