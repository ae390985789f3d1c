import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { testFolder, waitFor } from '#libs/testing';
import { freePort } from './free-port.js';
import { commandLine, isAlive, readPid } from './orphan.js';
import { SERVICES } from './stack-environment.js';

const MINUTE = 60_000;
const SERVICE = `
  process.on('SIGTERM', () => process.exit(0));
  process.on('disconnect', () => process.exit(0));
  console.log('pid', process.pid);
  process.send({ ready: true });
  setInterval(() => undefined, 1000);
`;
const GATEWAY = `
  import { startFakeGateway } from '../../../deploy/local/src/fake-gateway.fixture.js';
  await startFakeGateway(Number(process.env.PORT));
  ${SERVICE}
`;

/** A repository with the real start program and services that only report that they are ready. */
async function plantRepository(): Promise<string> {
  const folder = await testFolder('repository');
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  };
  for (const path of [
    'package.json',
    'nest-cli.json',
    'dist/deploy',
    'dist/libs/contracts',
    'services/demo-apps/media',
  ]) {
    await cp(path, join(folder, path), { recursive: true });
  }
  await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  await write('dist/libs/database/src/migrate.js', 'console.log("migrated");');
  for (const name of SERVICES) {
    await write(`dist/services/${name}/src/main.js`, name === 'gateway' ? GATEWAY : SERVICE);
  }
  return folder;
}

describe('npm start', () => {
  let root: string;
  let port: number;
  let starts: ChildProcess[];
  let output: string;
  beforeEach(async () => {
    root = await plantRepository();
    port = await freePort();
    starts = [];
    output = '';
  });
  afterEach(async () => {
    for (const child of starts.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  });

  const start = (...args: string[]) => {
    const script = join(root, 'dist', 'deploy', 'local', 'src', 'main.js');
    const path = `${dirname(process.env['NATS_SERVER']!)}:${process.env['PATH']}`;
    const child = spawn(process.execPath, [script, `--port=${port}`, ...args], {
      env: { PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    starts.push(child);
    return child;
  };
  const running = (times = 1) =>
    waitFor(() => output.split('Chowda is running.').length > times, { within: MINUTE, what: `The start:\n${output}` });
  const data = (...path: string[]) => join(root, '.chowda', ...path);
  const pids = async () => ({
    postgres: (await readPid(data('postgres', 'cluster', 'postmaster.pid')))!,
    nats: (await readPid(data('nats', 'nats.pid')))!,
    worker: Number(/pid (\d+)\s*$/.exec(await readFile(data('logs', 'worker.log'), 'utf8'))?.[1]),
  });
  /** A zombie still has an ID, but no command line. */
  const hasEnded = async (pid: number) => !isAlive(pid) || (await commandLine(pid)) === '';

  it(
    'prints its addresses, restarts killed processes, and leaves no process after Ctrl-C',
    async () => {
      const child = start();
      await running();
      expect(output).toContain(`http://127.0.0.1:${port}/sign-in?code=`);
      expect(output).toMatch(/nats --server nats:\/\/127\.0\.0\.1:\d+ stream ls/);
      const before = await pids();
      for (const pid of Object.values(before)) process.kill(pid, 'SIGKILL');
      for (const name of ['postgres', 'nats-server', 'worker']) {
        await waitFor(() => output.includes(`${name} is running again.`), { what: `The return of ${name}` });
      }
      const after = await pids();
      child.kill('SIGINT');
      expect(await once(child, 'exit')).toEqual([0, null]);
      for (const pid of Object.values(after)) expect(await hasEnded(pid)).toBe(true);
    },
    2 * MINUTE,
  );

  it(
    'starts again after it was killed, and refuses a second start on the same folder',
    async () => {
      const killed = start();
      await running();
      const left = await pids();
      killed.kill('SIGKILL');
      await waitFor(() => hasEnded(left.worker));
      start();
      await running(2);
      expect(await hasEnded(left.postgres)).toBe(true);
      expect(await hasEnded(left.nats)).toBe(true);
      const second = start();
      expect(await once(second, 'exit')).toEqual([1, null]);
      expect(output).toMatch(/Chowda already runs on .*: stop it, or choose another folder with --data\.\n$/);
    },
    2 * MINUTE,
  );

  it('stops during its start', async () => {
    const child = start();
    await waitFor(() => output.includes('Started Postgres'), { within: MINUTE });
    const postgres = (await readPid(data('postgres', 'cluster', 'postmaster.pid')))!;
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(await hasEnded(postgres)).toBe(true);
  });

  it('reports an invalid option in one sentence', async () => {
    const child = start('--prot=1');
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(output).toBe(`Unknown option '--prot': "npm start -- --help" lists the options.\n`);
  });
});
