import { z } from 'zod';
import { ConfigError, loadConfig, postgresConfig } from '#libs/runtime';
import { migrate, renewInstallation, schemaDrift } from './schema.js';

const print = (line: string) => process.stdout.write(`${line}\n`);

/**
 * `migrate` applies all migrations; `migrate check` prints the differences between schema and entities;
 * `migrate renew-installation` gives a copy of a database its own identity. Returns the exit code.
 */
async function run(verb: string | undefined): Promise<number> {
  const { DATABASE_URL: url } = loadConfig(z.object(postgresConfig));
  if (verb === undefined) {
    await migrate(url);
    print('The database is up to date.');
    return 0;
  }
  if (verb === 'renew-installation') {
    print(
      `The database is now installation ${await renewInstallation(url)}. Start its services with a new NATS server.`,
    );
    return 0;
  }
  if (verb !== 'check') {
    print(
      `Unknown command "${verb}". Use no command to migrate, "check" to compare the schema with the entities, or ` +
        '"renew-installation" to give a copy of a database its own identity.',
    );
    return 2;
  }
  const drift = await schemaDrift(url);
  print(
    drift.length === 0
      ? 'The schema matches the entities.'
      : `The schema differs from the entities. These statements would correct it:\n${drift.join('\n')}`,
  );
  return drift.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await run(process.argv[2]);
} catch (error) {
  const { name, message } = error as Error;
  print(error instanceof ConfigError ? message : `${name}: ${message}`);
  process.exitCode = 1;
}
