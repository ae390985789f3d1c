import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fileReport } from './file-report.js';

const HELP = `Tells in short what MMIF files hold: documents, views with app, running time and annotations, errors,
warnings, and how far the annotations reach into the media.

Usage: npm run mmif -- <file...>

Ends with 0 when all files are valid MMIF, 1 when one is not, 2 when one cannot be read.`;

const VALID = 0;
const INVALID = 1;
const UNREADABLE = 2;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  EISDIR: 'it is a folder: name the files in it',
};

const tell = (text: string) => void process.stdout.write(`${text}\n`);
const complain = (text: string) => void process.stderr.write(`${text}\n`);

async function report(file: string): Promise<number> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    complain(`${file} cannot be read: ${REASONS[code] ?? message}.`);
    return UNREADABLE;
  }
  const { text, valid } = fileReport(file, bytes);
  (valid ? tell : complain)(text);
  return valid ? VALID : INVALID;
}

function readCommand(args: readonly string[]): { readonly help: boolean; readonly files: readonly string[] } | null {
  try {
    const options = { help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { help: values.help ?? false, files: positionals };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    complain(`${reason}: "npm run mmif -- --help" lists the options.`);
    return null;
  }
}

async function main(): Promise<number> {
  const command = readCommand(process.argv.slice(2));
  if (command?.help) {
    tell(HELP);
    return VALID;
  }
  if (!command) return UNREADABLE;
  if (command.files.length === 0) {
    complain('Name at least one file: npm run mmif -- <file...>');
    return UNREADABLE;
  }
  let worst = VALID;
  for (const [position, file] of command.files.entries()) {
    if (position > 0) tell('');
    worst = Math.max(worst, await report(file));
  }
  return worst;
}

process.exitCode = await main();
