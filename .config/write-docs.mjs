// Writes the table of all configuration variables into README.md, from the schemas of the built services.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, root } from '../deploy/local/prepare.mjs';
import { configurationTable, configuredServices, schemaIn, withTable } from './configuration-table.mjs';

process.chdir(root);
await prepare();
const built = (...path) => import(pathToFileURL(join(root, 'dist', ...path)).href);
const { describeConfig } = await built('libs', 'runtime', 'src', 'index.js');
const services = [];
for (const service of configuredServices()) {
  const schema = schemaIn(await built('services', service, 'src', `${service}.config.js`));
  services.push({ service, variables: describeConfig(schema) });
}
const before = readFileSync('README.md', 'utf8');
const after = withTable(before, configurationTable(services));
writeFileSync('README.md', after);
process.stdout.write(before === after ? 'README.md is up to date.\n' : 'Wrote the configuration table of README.md.\n');
