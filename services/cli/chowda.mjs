#!/usr/bin/env node
// Uses no packages, so that it can report a missing build.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const main = join(root, 'dist', 'services', 'cli', 'src', 'main.js');

if (existsSync(main) && existsSync(join(root, 'node_modules'))) {
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(main).href);
} else {
  process.stderr.write(
    `chowda: Chowda has not been built. Run "npm ci && npm run build" in ${root}, or "npm start".\n`,
  );
  process.exitCode = 2;
}
