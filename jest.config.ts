/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

type Project = Exclude<NonNullable<Config['projects']>[number], string>;

const project = (displayName: string, suffix: string): Project => ({
  displayName,
  rootDir: '.',
  roots: ['<rootDir>/libs', '<rootDir>/services', '<rootDir>/deploy', '<rootDir>/.config'],
  testMatch: [`**/*.${suffix}.{ts,tsx}`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.tsx?$': '@swc/jest' },
  moduleNameMapper: {
    '^#libs/(.*)$': '<rootDir>/libs/$1/src/index.ts',
    '^#deploy/local$': '<rootDir>/deploy/local/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
});

/** Suites on a real Postgres and nats-server, which start once per run. */
const withServers = (displayName: string, suffix: string): Project => ({
  ...project(displayName, suffix),
  globalSetup: '<rootDir>/libs/testing/global-setup.mjs',
  globalTeardown: '<rootDir>/libs/testing/global-teardown.mjs',
});

const config: Config = {
  projects: [
    project('unit', 'spec'),
    withServers('integration', 'int-spec'),
    withServers('e2e', 'e2e-spec'),
    ...(process.env['CHOWDA_FULL_TESTS'] ? [withServers('full', 'full-spec')] : []),
  ],
  testSequencer: '<rootDir>/.config/longest-first.mjs',
  reporters: ['default', '<rootDir>/.config/passed-failed-reporter.mjs'],
  // Real servers on a busy machine; suites detect hangs with their own limits.
  testTimeout: 30_000,
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
};

export default config;
