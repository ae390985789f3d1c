import { join } from 'node:path';
import { repositoryRoot } from '#deploy/local';

/** The built program that creates Chowda's tables. */
export const migrateScript: string = join(repositoryRoot, 'dist', 'libs', 'database', 'src', 'migrate.js');

/** Path of a built script of `src/processes`. */
export const processScript = (name: string): string =>
  join(repositoryRoot, 'dist', 'deploy', 'bench', 'src', 'processes', `${name}.js`);
