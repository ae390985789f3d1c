// Writes the table of all configuration variables into README.md, from the schemas of the built services, and the page
// with the schema of the database, from the built entities.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, root } from '../deploy/local/prepare.mjs';
import { configurationTable, configuredServices, schemaIn, withTable } from './configuration-table.mjs';
import { schemaPage, tableWords } from './schema-diagram.mjs';

process.chdir(root);
await prepare();
const built = (...path) => import(pathToFileURL(join(root, 'dist', ...path)).href);
const { describeConfig } = await built('libs', 'runtime', 'src', 'index.js');
const services = [];
for (const service of configuredServices()) {
  const schema = schemaIn(await built('services', service, 'src', `${service}.config.js`));
  services.push({ service, variables: describeConfig(schema) });
}
const { schemaTables } = await built('libs', 'database', 'src', 'schema-tables.js');

/** Writes a file if its content changes. */
function write(path, after) {
  const isCurrent = existsSync(path) && readFileSync(path, 'utf8') === after;
  if (!isCurrent) writeFileSync(path, after);
  process.stdout.write(isCurrent ? `${path} is up to date.\n` : `Wrote ${path}.\n`);
}

write('README.md', withTable(readFileSync('README.md', 'utf8'), configurationTable(services)));
write('libs/database/SCHEMA.md', schemaPage(await schemaTables(), tableWords()));
