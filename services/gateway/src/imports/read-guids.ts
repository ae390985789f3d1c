import { type ImportEntry, importEntry } from './import-entry.js';
import { unixLines } from './unix-lines.js';

/** Blanks within `cpb-aacip 507-x.mp4` would be rare; several GUIDs in one line are not. */
const SEPARATORS = /[\s,;]+/;

/** The entries of pasted text: GUIDs in lines, or parted by blanks and commas. */
export async function* readGuids(text: AsyncIterable<string>): AsyncGenerator<ImportEntry> {
  let line = 0;
  for await (const content of linesOf(text)) {
    line += 1;
    for (const given of content.split(SEPARATORS)) if (given !== '') yield importEntry(line, given);
  }
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let begun = '';
  for await (const piece of unixLines(text)) {
    const lines = (begun + piece).split('\n');
    begun = lines.pop()!;
    yield* lines;
  }
  yield begun;
}
