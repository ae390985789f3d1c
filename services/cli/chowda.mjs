#!/usr/bin/env node
// Plain Node without packages, so that it can say what is missing.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const main = join(root, 'dist', 'services', 'cli', 'src', 'main.js');

if (existsSync(main) && existsSync(join(root, 'node_modules'))) {
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(main).href);
} else {
  process.stderr.write(`chowda: it is not built yet: run "npm ci && npm run build" in ${root}, or "npm start".\n`);
  process.exitCode = 2;
}
