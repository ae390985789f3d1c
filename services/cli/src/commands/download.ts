import type { Command } from 'commander';
import { passDownload, saveDownload } from '../download/save-download.js';
import { formatBytes } from '../output/format.js';
import type { Session } from '../session.js';

/** Options of every command that downloads a file. */
export interface DownloadOptions {
  readonly output?: string;
  readonly force?: boolean;
}

export const withDownloadOptions = (command: Command): Command =>
  command
    .option('-o, --output <file>', 'file to write; - writes to standard output')
    .option('--force', 'replace an existing file');

/** Downloads what is at a path and prints the file name and size, with --json as JSON. */
export async function download(
  { api, output, signal }: Session,
  path: string,
  options: DownloadOptions & { readonly fallback: string },
): Promise<void> {
  if (options.output === '-') {
    await passDownload(api, path, (chunk) => output.write(chunk));
    return;
  }
  const onRetry = (sentence: string) => output.warn(sentence);
  const saved = await saveDownload({ api, signal, onRetry }, path, options);
  await output.print(output.isJson ? JSON.stringify(saved) : `${saved.file} (${formatBytes(saved.bytes)})`);
}
