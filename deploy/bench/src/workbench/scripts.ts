import { join } from 'node:path';
import { repositoryRoot } from '#deploy/local';

/** The built program that makes Chowda's tables. */
export const migrateScript: string = join(repositoryRoot, 'dist', 'libs', 'database', 'src', 'migrate.js');

/** A built script of `src/processes`, by its name. */
export const processScript = (name: string): string =>
  join(repositoryRoot, 'dist', 'deploy', 'bench', 'src', 'processes', `${name}.js`);
