import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function find(folder: string): string {
  if (existsSync(join(folder, 'nest-cli.json'))) return folder;
  if (dirname(folder) === folder)
    throw new Error('This program is not inside its repository: no nest-cli.json in a parent folder.');
  return find(dirname(folder));
}

/** The root of the repository; searched for, because built code is one level deeper than its source. */
export const repositoryRoot: string = find(dirname(fileURLToPath(import.meta.url)));

/** Folder with the bundled sample media and `media.json`, which lists them. */
export const sampleMediaFolder: string = join(repositoryRoot, 'services', 'demo-apps', 'media');

/**
 * These services allocate many objects that live for milliseconds. With a larger young generation, few survive a garbage
 * collection and a stage costs 10 % less CPU; each process uses up to 64 MiB more under load.
 */
const MESSAGE_SERVICES: readonly string[] = ['worker', 'scheduler'];

/** Options of Node for a service. */
export const nodeArguments = (service: string): readonly string[] =>
  MESSAGE_SERVICES.includes(service) ? ['--max-semi-space-size=32'] : [];

/** The built main file of a service. */
export const serviceScript = (service: string): string =>
  join(repositoryRoot, 'dist', 'services', service, 'src', 'main.js');
