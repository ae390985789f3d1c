import { describe, expect, it } from '@jest/globals';
import { compareVersions, judgeVersion, parseVersion, refuseFolder, type Version } from './version.js';

describe(parseVersion, () => {
  it.each([
    ['nats-server: v2.10.27', [2, 10, 27]],
    ['2.15.1\n', [2, 15, 1]],
    ['v2.9.10-5+b4', [2, 9, 10]],
  ])('reads %j', (text, version) => {
    expect(parseVersion(text)).toEqual(version);
  });

  it.each(['', 'dev', 'nats-server: v2.15', '2.12.0-rc.1', '2.10.25rc0', '2.11.0-beta.2'])('rejects %j', (text) => {
    expect(parseVersion(text)).toBeNull();
  });
});

describe(compareVersions, () => {
  it('orders by number, not by text', () => {
    const versions: Version[] = [
      [2, 15, 0],
      [2, 9, 10],
      [2, 10, 9],
      [2, 10, 26],
    ];
    expect(versions.sort(compareVersions).map((version) => version.join('.'))).toEqual([
      '2.9.10',
      '2.10.9',
      '2.10.26',
      '2.15.0',
    ]);
  });
});

describe(judgeVersion, () => {
  it.each<[Version, string]>([
    [[2, 10, 26], 'supported'],
    [[3, 0, 0], 'supported'],
    [[2, 10, 25], 'warned'],
    [[2, 9, 10], 'warned'],
    [[2, 9, 9], 'refused'],
  ])('returns the verdict on %j: %s', (version, verdict) => {
    expect(judgeVersion(version).verdict).toBe(verdict);
  });
});

describe(refuseFolder, () => {
  it('rejects a server that is older than the one that wrote the folder, with the remedy', () => {
    expect(refuseFolder([2, 9, 10], [2, 15, 1])).toMatch(/written by nats-server 2\.15\.1.*--data/);
  });

  it.each<[string, Version, Version | null]>([
    ['a newer server', [2, 15, 1], [2, 10, 26]],
    ['the same server', [2, 15, 1], [2, 15, 1]],
    ['another patch of the same release', [2, 15, 1], [2, 15, 2]],
    ['a new folder', [2, 10, 26], null],
  ])('accepts %s', (_name, server, writer) => {
    expect(refuseFolder(server, writer)).toBeNull();
  });
});
