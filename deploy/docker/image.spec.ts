import { afterAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

describe('the Dockerfile', () => {
  const lines = readFileSync('deploy/docker/Dockerfile', 'utf8').split('\n');
  const copied = lines
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1));
  const context = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));

  it('copies only existing files', () => {
    expect(copied.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('copies exactly the files that .dockerignore includes', () => {
    expect(new Set(copied.map((path) => path.split('/')[0]))).toEqual(new Set(context));
  });

  it('builds with an existing module', () => {
    const [, module] = /from '\.\/(\S+)'/.exec(lines.join('\n'))!;
    expect(existsSync(module!)).toBe(true);
  });

  it('does not run as root', () => {
    expect(lines.filter((line) => line !== '').at(-1)).toBe('USER node');
  });
});

describe('probe.mjs', () => {
  /** Exit code of the probe for a server that returns this status; null: no server. */
  async function exitCode(status: number | null): Promise<number> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url!);
      response.writeHead(status!).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const close = () => new Promise((resolve) => server.close(resolve));
    if (status === null) await close();
    const ended = run(process.execPath, ['deploy/docker/probe.mjs', String(port)]);
    const code = await ended.then(
      () => 0,
      (error: { code: number }) => error.code,
    );
    if (status !== null) await close();
    expect(asked).toEqual(status === null ? [] : ['/healthz']);
    return code;
  }

  it('exits with 0 for a healthy service', async () => {
    expect(await exitCode(200)).toBe(0);
  });

  it.each([503, 404, null])('exits with 1 on %p', async (status) => {
    expect(await exitCode(status)).toBe(1);
  });
});

describe('make-secrets.sh', () => {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

  /** Runs the script in a repository with this `.env`; returns the new variables and the output. */
  async function makeSecrets(before: string | null) {
    const root = await mkdtemp(join(tmpdir(), 'chowda-secrets-'));
    folders.push(root);
    await mkdir(join(root, 'deploy', 'docker'), { recursive: true });
    const script = join(root, 'deploy', 'docker', 'make-secrets.sh');
    await cp('deploy/docker/make-secrets.sh', script);
    const file = join(root, '.env');
    if (before !== null) await writeFile(file, before);
    const { stdout } = await run('sh', [script]);
    const text = await readFile(file, 'utf8');
    const variables = Object.fromEntries(
      text
        .trim()
        .split('\n')
        .map((line) => line.split('=')),
    );
    return {
      variables: variables as Record<string, string>,
      link: stdout.trim(),
      mode: (await stat(file)).mode & 0o777,
    };
  }

  it('creates every secret, readable only for its owner, and prints the link', async () => {
    const { variables, link, mode } = await makeSecrets(null);
    expect(Object.keys(variables).sort()).toEqual(['ACCESS_TOKEN', 'POSTGRES_PASSWORD', 'SIGN_IN_CODE']);
    for (const secret of Object.values(variables)) expect(secret).toMatch(/^[0-9a-f]{48}$/);
    expect(new Set(Object.values(variables)).size).toBe(3);
    expect(link).toBe(`http://127.0.0.1:8080/sign-in?code=${variables['SIGN_IN_CODE']}`);
    expect(mode).toBe(0o600);
  });

  it('keeps existing values and creates a new code for the link', async () => {
    const token = 'a'.repeat(40);
    const { variables, link } = await makeSecrets(
      `SIGN_IN_CODE=${'0'.repeat(48)}\nACCESS_TOKEN=${token}\nWEB_PORT=9000\nMEDIA_FOLDER=/archive`,
    );
    expect(variables).toMatchObject({ ACCESS_TOKEN: token, WEB_PORT: '9000', MEDIA_FOLDER: '/archive' });
    expect(variables['SIGN_IN_CODE']).not.toBe('0'.repeat(48));
    expect(variables['POSTGRES_PASSWORD']).toMatch(/^[0-9a-f]{48}$/);
    expect(link).toBe(`http://127.0.0.1:9000/sign-in?code=${variables['SIGN_IN_CODE']}`);
  });
});
