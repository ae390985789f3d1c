import { beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { type ConfigVariable, describeConfig } from '#libs/runtime';
import { configurationTable, configuredServices, schemaIn, withTable } from './configuration-table.mjs';

interface Service {
  readonly service: string;
  readonly variables: readonly ConfigVariable[];
}

const readServices = (): Promise<Service[]> =>
  Promise.all(
    configuredServices().map(async (service: string) => {
      const schema = schemaIn(await import(`../services/${service}/src/${service}.config.ts`));
      return { service, variables: describeConfig(schema) };
    }),
  );

describe('the configuration table of README.md', () => {
  let services: Service[];

  beforeAll(async () => {
    services = await readServices();
  });

  it('is up to date (otherwise run "npm run docs")', () => {
    const readme = readFileSync('README.md', 'utf8');
    expect(readme).toBe(withTable(readme, configurationTable(services)));
  });

  it('includes every configuration file', () => {
    const files = readdirSync('services', { recursive: true, encoding: 'utf8' }).filter((path) =>
      /^[^/]+\/src\/.*[.]config[.]ts$/.test(path),
    );
    expect(files.sort()).toEqual(configuredServices().map((service: string) => `${service}/src/${service}.config.ts`));
  });

  it('describes every variable', () => {
    const silent = services.flatMap(({ service, variables }) =>
      variables.filter(({ description }) => description === '').map(({ name }) => `${name} of ${service}`),
    );
    expect(silent).toEqual([]);
  });
});

describe(configurationTable, () => {
  const port = { name: 'PORT', description: 'Port to listen on.' };

  it('contains one row for a variable with the same meaning in several services', () => {
    const url = { name: 'NATS_URL', description: 'Address of NATS.', fallback: null };
    expect(
      configurationTable([
        { service: 'gateway', variables: [url] },
        { service: 'worker', variables: [url] },
      ]),
    ).toBe(
      [
        '| variable   | services        | default      | meaning          |',
        '| ---------- | --------------- | ------------ | ---------------- |',
        '| `NATS_URL` | gateway, worker | **required** | Address of NATS. |',
      ].join('\n'),
    );
  });

  it('names the service of each default if the defaults differ', () => {
    const table = configurationTable([
      { service: 'gateway', variables: [{ ...port, fallback: '8080' }] },
      { service: 'notifier', variables: [{ ...port, fallback: '8081' }] },
    ]);
    expect(table).toContain('`8080` (gateway), `8081` (notifier)');
  });

  it('contains one row for each meaning of a name', () => {
    const table = configurationTable([
      { service: 'demo-apps', variables: [{ name: 'PORT', description: 'First port.', fallback: '' }] },
      { service: 'gateway', variables: [{ ...port, fallback: '8080' }] },
    ]);
    expect(table.split('\n')).toHaveLength(4);
  });
});

describe(withTable, () => {
  it('rejects a README without the markers', () => {
    expect(() => withTable('# Chowda\n', '| a |')).toThrow('README.md needs the lines');
  });
});
