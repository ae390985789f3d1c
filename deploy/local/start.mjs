import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { endWithParent } from './end-with-parent.mjs';
import { prepare, root } from './prepare.mjs';

endWithParent();
await prepare();
process.setSourceMapsEnabled(true);
// Imported instead of spawned, so that Ctrl-C and the exit code need no forwarding.
await import(pathToFileURL(join(root, 'dist', 'deploy', 'local', 'src', 'main.js')).href);
