import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { endWithParent } from '../local/end-with-parent.mjs';
import { prepare, root } from '../local/prepare.mjs';

endWithParent();
await prepare();
process.setSourceMapsEnabled(true);
await import(pathToFileURL(join(root, 'dist', 'deploy', 'mutants', 'src', 'main.js')).href);
