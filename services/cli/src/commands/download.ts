import type { Command } from 'commander';
import { passDownload, saveDownload } from '../download/save-download.js';
import { bytesOf } from '../output/words.js';
import type { Session } from '../session.js';

/** Options of every command that saves a file. */
export interface DownloadOptions {
  readonly output?: string;
  readonly force?: boolean;
}

export const withDownloadOptions = (command: Command): Command =>
  command
    .option('-o, --output <file>', 'where to save it; - writes to standard output')
    .option('--force', 'replace a file that is there');

/** Saves what is at a path, and says where; scripts are told the same as JSON. */
export async function download(
  { api, output, signal }: Session,
  path: string,
  options: DownloadOptions & { readonly fallback: string },
): Promise<void> {
  if (options.output === '-') {
    await passDownload(api, path, (chunk) => output.write(chunk));
    return;
  }
  const onTrouble = (sentence: string) => output.warn(sentence);
  const saved = await saveDownload({ api, signal, onTrouble }, path, options);
  await output.tell(output.isJson ? JSON.stringify(saved) : `${saved.file} (${bytesOf(saved.bytes)})`);
}
