import { describe, expect, it } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { testFolder } from '#libs/testing';

const PROGRAM = 'services/cli/chowda.mjs';
const run = (program: string, args: string[], env: NodeJS.ProcessEnv = {}) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [program, ...args], { env: { ...process.env, ...env } }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });

describe('the program chowda', () => {
  it('is the bin entry of package.json', async () => {
    const { bin } = JSON.parse(await readFile('package.json', 'utf8')) as { bin: Record<string, string> };
    expect(bin).toEqual({ chowda: PROGRAM });
  });

  it('shows its help', async () => {
    const { code, out, err } = await run(PROGRAM, ['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('From a spreadsheet to a zip file');
  });

  it('states what to do if Chowda has not been built', async () => {
    const folder = await testFolder('unbuilt');
    await mkdir(join(folder, 'services', 'cli'), { recursive: true });
    await cp(PROGRAM, join(folder, PROGRAM));
    expect(await run(join(folder, PROGRAM), ['--help'])).toEqual({
      code: 2,
      out: '',
      err: expect.stringContaining(`Run "npm ci && npm run build" in ${folder}`),
    });
  });

  it('uses the URL and token that "npm start" stored', async () => {
    const folder = await testFolder('started');
    let authorization: string | undefined;
    const server = createServer((request, response) => {
      authorization = request.headers.authorization;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"items":[],"next":null}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await writeFile(join(folder, 'address'), `http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
    await writeFile(join(folder, 'token'), 'local-token');
    const { out } = await run(PROGRAM, ['batches', 'list'], {
      CHOWDA_DATA: folder,
      CHOWDA_URL: '',
      CHOWDA_TOKEN: '',
    });
    expect([out, authorization]).toEqual(['No batches. "chowda batches create" creates one.\n', 'Bearer local-token']);
    server.close();
  });

  it('ends without an error if the reader of its output closes the pipe', async () => {
    const rows = Array.from({ length: 20_000 }, (_, id) => ({ id }));
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ items: rows, next: null }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const env = { CHOWDA_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, CHOWDA_TOKEN: 'x' };
    const child = spawn(process.execPath, [PROGRAM, 'batches', 'list', '--json'], { env: { ...process.env, ...env } });
    const errors = text(child.stderr);
    child.stdout.once('data', () => child.stdout.destroy());
    const [code] = (await once(child, 'close')) as [number];
    expect([code, await errors]).toEqual([0, '']);
    server.close();
  });
});
