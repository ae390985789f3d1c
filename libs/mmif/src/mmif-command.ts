import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fileReport } from './summary/file-report.js';

const HELP = `Summarises MMIF files: documents, views with app, running time and annotations, errors, warnings, and how
much of the media the annotations cover.

Usage:   npm run mmif -- <file...>
Example: npm run mmif -- output.mmif

Exit code: 0 if all files are valid MMIF, 1 if a file is invalid, 2 if a file cannot be read.`;

const VALID = 0;
const INVALID = 1;
const UNREADABLE = 2;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder; name the files in it',
};

const print = (text: string) => void process.stdout.write(`${text}\n`);
const printError = (text: string) => void process.stderr.write(`${text}\n`);

async function report(file: string): Promise<number> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    printError(`Cannot read ${file}: ${REASONS[code] ?? message}.`);
    return UNREADABLE;
  }
  const { text, valid } = fileReport(file, bytes);
  (valid ? print : printError)(text);
  return valid ? VALID : INVALID;
}

function readCommand(args: readonly string[]): { readonly help: boolean; readonly files: readonly string[] } | null {
  try {
    const options = { help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { help: values.help ?? false, files: positionals };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    printError(`${reason}. Run "npm run mmif -- --help" for usage.`);
    return null;
  }
}

async function main(): Promise<number> {
  const command = readCommand(process.argv.slice(2));
  if (command?.help) {
    print(HELP);
    return VALID;
  }
  if (!command) return UNREADABLE;
  if (command.files.length === 0) {
    printError('No file was given. Usage: npm run mmif -- <file...>');
    return UNREADABLE;
  }
  let worst = VALID;
  for (const [position, file] of command.files.entries()) {
    if (position > 0) print('');
    worst = Math.max(worst, await report(file));
  }
  return worst;
}

process.exitCode = await main();
