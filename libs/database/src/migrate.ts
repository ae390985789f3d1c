import { z } from 'zod';
import { ConfigError, loadConfig, postgresConfig } from '#libs/runtime';
import { migrate, schemaDrift } from './schema.js';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** `migrate` brings the schema up to date; `migrate check` tells where schema and entities differ. */
async function run(verb: string | undefined): Promise<number> {
  const { DATABASE_URL: url } = loadConfig(z.object(postgresConfig));
  if (verb === undefined) {
    await migrate(url);
    say('The database is up to date.');
    return 0;
  }
  if (verb !== 'check') {
    say(`There is no verb "${verb}": use none to migrate, or "check".`);
    return 2;
  }
  const drift = await schemaDrift(url);
  say(drift.length === 0 ? 'Schema and entities agree.' : `Schema and entities differ by:\n${drift.join('\n')}`);
  return drift.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await run(process.argv[2]);
} catch (error) {
  const { name, message } = error as Error;
  say(error instanceof ConfigError ? message : `${name}: ${message}`);
  process.exitCode = 1;
}
