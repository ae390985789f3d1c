import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, root } from './prepare.mjs';

await prepare();
process.setSourceMapsEnabled(true);
// npm runs scripts at the root of the repository, but arguments are relative to the user's folder.
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
await import(pathToFileURL(join(root, 'dist', 'libs', 'mmif', 'src', 'mmif-command.js')).href);
