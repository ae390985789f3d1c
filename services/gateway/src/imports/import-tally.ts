import { IMPORT_RESULTS, type ImportCounts, type ImportLine, MAX_PAGE_ROWS } from '#libs/contracts';

/** Results that need no attention from the user. */
const FINE = ['added', 'present'];

/** The public fields of a line. */
export const shownLine = ({ line, given, guid, result, sentence }: ImportLine): ImportLine => ({
  line,
  given,
  guid,
  result,
  sentence,
});

/** Counts the lines of an import and keeps those that its report shows. */
export class ImportTally {
  private readonly counts: ImportCounts = {
    lines: 0,
    found: 0,
    ...(Object.fromEntries(IMPORT_RESULTS.map((result) => [result, 0])) as Record<ImportLine['result'], number>),
  };
  private readonly problems: ImportLine[] = [];
  private readonly fine: ImportLine[] = [];

  note(line: ImportLine): void {
    const { result } = line;
    const isFine = FINE.includes(result);
    this.counts.lines += 1;
    this.counts[result] += 1;
    if (isFine) this.counts.found += 1;
    const shown = isFine ? this.fine : this.problems;
    if (shown.length < MAX_PAGE_ROWS) shown.push(shownLine(line));
  }

  /** Problems first. */
  report(): { counts: ImportCounts; lines: ImportLine[] } {
    return { counts: { ...this.counts }, lines: [...this.problems, ...this.fine].slice(0, MAX_PAGE_ROWS) };
  }
}
