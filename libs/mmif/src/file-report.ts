import { MmifError } from './mmif-error.js';
import { parseJson } from './parse-json.js';
import { mmifOf } from './read-mmif.js';
import { summarise } from './summarise.js';
import { summaryText } from './summary-text.js';
import { schemaComplaints } from './validate-mmif.js';

/** What `npm run mmif` prints about a file, and whether the file is valid MMIF. */
export interface FileReport {
  readonly text: string;
  readonly valid: boolean;
}

/** A file's summary or, for one that is no valid MMIF, what is wrong with it. */
export function fileReport(name: string, bytes: Uint8Array): FileReport {
  try {
    const json = parseJson(bytes);
    const complaints = schemaComplaints(json);
    if (complaints.length > 0) return broken(name, complaints);
    const summary = summarise(mmifOf(json));
    return { valid: true, text: `${name}  ${size(bytes.length)}  MMIF ${summary.version}\n${summaryText(summary)}` };
  } catch (error) {
    if (error instanceof MmifError) return broken(name, [error.message]);
    throw error;
  }
}

const broken = (name: string, complaints: readonly string[]): FileReport => ({
  valid: false,
  text: [`${name} is no valid MMIF:`, ...complaints.map((complaint) => `  ${complaint}`)].join('\n'),
});

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
