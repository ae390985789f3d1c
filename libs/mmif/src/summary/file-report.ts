import { MmifError, parseJson } from '../model/json.js';
import { mmifOf } from '../model/read-mmif.js';
import { schemaErrors } from '../schema/validate-mmif.js';
import { summarise } from './summarise.js';
import { summaryText } from './summary-text.js';

/** What `npm run mmif` prints about a file, and whether the file is valid MMIF. */
export interface FileReport {
  readonly text: string;
  readonly valid: boolean;
}

/** The summary of a valid MMIF file, or the errors in an invalid one. */
export function fileReport(name: string, bytes: Uint8Array): FileReport {
  try {
    const json = parseJson(bytes);
    const errors = schemaErrors(json);
    if (errors.length > 0) return invalid(name, errors);
    const summary = summarise(mmifOf(json));
    return { valid: true, text: `${name}  ${size(bytes.length)}  MMIF ${summary.version}\n${summaryText(summary)}` };
  } catch (error) {
    if (error instanceof MmifError) return invalid(name, [error.message]);
    throw error;
  }
}

const invalid = (name: string, errors: readonly string[]): FileReport => ({
  valid: false,
  text: [`${name} is not valid MMIF:`, ...errors.map((error) => `  ${error}`)].join('\n'),
});

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
