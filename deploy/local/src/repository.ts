import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function find(folder: string): string {
  if (existsSync(join(folder, 'nest-cli.json'))) return folder;
  if (dirname(folder) === folder) throw new Error('This program does not lie inside its repository.');
  return find(dirname(folder));
}

/** The root of the repository: built code lies one level deeper than its source, so it is looked for. */
export const repositoryRoot: string = find(dirname(fileURLToPath(import.meta.url)));

/** Folder with the bundled sample media and their list `media.json`. */
export const sampleMediaFolder: string = join(repositoryRoot, 'services', 'demo-apps', 'media');

/**
 * What passes messages on makes much garbage, most of which lives for milliseconds: with room for it a collection finds
 * little alive, and a stage costs a tenth less. Such a process takes up to 64 MiB more under load.
 */
const PASSES_MESSAGES_ON: readonly string[] = ['worker', 'scheduler'];

/** Arguments of Node before the main file of a service. */
export const nodeArguments = (service: string): readonly string[] =>
  PASSES_MESSAGES_ON.includes(service) ? ['--max-semi-space-size=32'] : [];

/** The built main file of a service. */
export const serviceScript = (service: string): string =>
  join(repositoryRoot, 'dist', 'services', service, 'src', 'main.js');
