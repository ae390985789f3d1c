/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const project = (displayName: string, suffix: string): NonNullable<Config['projects']>[number] => ({
  displayName,
  rootDir: '.',
  roots: ['<rootDir>/libs', '<rootDir>/services', '<rootDir>/deploy', '<rootDir>/.config'],
  testMatch: [`**/*.${suffix}.ts`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.tsx?$': '@swc/jest' },
  moduleNameMapper: {
    '^#libs/(.*)$': '<rootDir>/libs/$1/src/index.ts',
    '^#deploy/local$': '<rootDir>/deploy/local/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
});

const config: Config = {
  projects: [project('unit', 'spec'), project('integration', 'int-spec'), project('e2e', 'e2e-spec')],
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
};

export default config;
