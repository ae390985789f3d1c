import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppView, BatchView, PipelineView } from '#libs/contracts';
import { type ScriptedApp, startScriptedApp, testFolder } from '#libs/testing';
import { ACCESS_TOKEN, TestGateway } from '../../gateway/test/test-gateway.js';
import { callerOf } from './call.js';

const GUIDS = Array.from({ length: 7 }, (_, n) => `cpb-aacip-507-tape${n}`);

let gateway: TestGateway;
let scripted: ScriptedApp;
let app: string;
let folder: string;
let chowda: ReturnType<typeof callerOf>;
beforeAll(async () => {
  gateway = await TestGateway.start();
  chowda = callerOf(gateway.client.url, ACCESS_TOKEN);
  scripted = await startScriptedApp({ name: 'shots' });
  app = await gateway.readyApp(scripted.url);
  await gateway.mediaFiles(GUIDS);
  folder = await testFolder('cli');
});
afterAll(() => Promise.all([gateway.close(), scripted.close()]));

const pipelineFile = async (text: string): Promise<string> => {
  const file = join(folder, 'pipeline.yaml');
  await writeFile(file, text);
  return file;
};
const lines = (text: string) => text.split('\n').filter((line) => line !== '');

describe('chowda apps', () => {
  it('registers an app and waits until pipelines can use it', async () => {
    expect(await chowda(['apps', 'add', scripted.url])).toEqual({
      exitCode: 0,
      out: expect.stringContaining(`is registered as ${app}.\n`),
      err: '',
    });
  });

  it('does not register an app that does not respond', async () => {
    const { exitCode, out, err } = await chowda(['apps', 'add', 'http://127.0.0.1:9']);
    expect([exitCode, out, lines(err).length]).toEqual([1, '', 1]);
    expect(err).toMatch(/^chowda: .*127\.0\.0\.1:9/);
  });

  it('lists and shows apps', async () => {
    expect((await chowda(['apps', 'list'])).out).toContain(`${app}\t`);
    expect((await chowda(['apps', 'show', app])).out).toMatch(new RegExp(`^App +${app}$`, 'm'));
    const { out } = await chowda(['apps', 'list', '--json']);
    expect(lines(out).map((line) => (JSON.parse(line) as AppView).slug)).toEqual([app]);
  });

  it('changes the settings of an app', async () => {
    const { exitCode, out } = await chowda(['apps', 'set', app, '--concurrency', '4', '--cost', '1.2', '--disable']);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Usable +disabled$/m);
    expect(out).toMatch(/^Concurrency +4$/m);
    const again = await chowda([
      'apps',
      'set',
      app,
      '--enable',
      '--retry',
      'timeout=2:60',
      '--retry',
      'unreachable=0:0',
    ]);
    expect(again.out).toMatch(/^Usable +yes$/m);
    expect(again.out).toMatch(/^Retries +timeout 2 times after 1 min 00 s, unreachable 0 times/m);
  });

  it.each([[[]], [['--enable', '--disable']], [['--retry', 'timeout']], [['--cost', '-1']]])(
    'rejects the settings %j',
    async (options) => expect((await chowda(['apps', 'set', app, ...options])).exitCode).toBe(2),
  );

  it('shows the health of an app, and changes of its metadata', async () => {
    const { exitCode, out } = await chowda(['apps', 'health', app]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Running +0 of 4$/m);
    expect((await chowda(['apps', 'refresh', app, '--dry-run'])).out).toBe('No changes.\n');
  });
});

describe('chowda pipelines', () => {
  it('saves versions from a file', async () => {
    const file = await pipelineFile(`name: Shots\nstages:\n  - app: ${app}\n`);
    expect((await chowda(['pipelines', 'create', file])).out).toContain('"Shots" is saved as version 1.');
    await pipelineFile(`name: Shots\nstages:\n  - app: ${app}\n  - app: ${app}\n`);
    expect((await chowda(['pipelines', 'create', file])).out).toContain('"Shots" is saved as version 2.');
  });

  it('reads standard input', async () => {
    const stdin = `name: Piped\nstages: [{ app: ${app} }]`;
    expect((await chowda(['pipelines', 'create', '-'], { stdin })).out).toContain('"Piped" is saved as version 1.');
  });

  it('finds a pipeline by name and by ID', async () => {
    const { out } = await chowda(['pipelines', 'show', 'Shots', '--json']);
    const { id, version } = JSON.parse(out) as PipelineView;
    expect(version).toBe(2);
    expect((await chowda(['pipelines', 'show', String(id)])).out).toMatch(/^Version +2$/m);
    expect((await chowda(['pipelines', 'list'])).out).toContain('Shots\t2\t');
  });

  it('shows versions and their differences', async () => {
    expect((await chowda(['pipelines', 'diff', 'Shots'])).out).toMatch(/^From version 1 to version 2:\n {2}\S/);
    expect((await chowda(['pipelines', 'diff', 'Shots', '--from', '2', '--to', '2'])).out).toContain('are the same');
    expect(lines((await chowda(['pipelines', 'versions', 'Shots'])).out)).toHaveLength(3);
  });

  it('exports a file that it can read', async () => {
    const { out } = await chowda(['pipelines', 'export', 'Shots']);
    expect(out).toBe(`name: Shots\nstages:\n  - app: ${app}\n  - app: ${app}\n`);
    const older = await chowda(['pipelines', 'export', 'Shots', '--pipeline-version', '1']);
    expect(older.out).toBe(`name: Shots\nstages:\n  - app: ${app}\n`);
    expect((await chowda(['pipelines', 'create', '-', '--check'], { stdin: out })).out).toContain('can be saved');
  });

  it('clones, archives and restores a pipeline', async () => {
    expect((await chowda(['pipelines', 'clone', 'Shots', 'Shots again'])).exitCode).toBe(0);
    expect((await chowda(['pipelines', 'archive', 'Shots again'])).out).toMatch(/^Archived +yes$/m);
    expect((await chowda(['pipelines', 'list'])).out).not.toContain('Shots again');
    expect((await chowda(['pipelines', 'archive', 'Shots again', '--undo'])).exitCode).toBe(0);
    expect((await chowda(['pipelines', 'list'])).out).toContain('Shots again');
  });

  it('checks a pipeline without saving it', async () => {
    const stdin = `name: Checked\nstages: [{ app: ${app}, parameters: { nothing: 1 } }]`;
    const { exitCode, out } = await chowda(['pipelines', 'create', '-', '--check'], { stdin });
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^Pipeline "Checked" cannot be saved:\nstandard input:2: stages\.0\.parameters/);
    expect((await chowda(['pipelines', 'list'])).out).not.toContain('Checked');
  });

  it('reports faults by line, including those that only the gateway detects', async () => {
    const file = await pipelineFile(`name: Shots\nstages:\n  - app: ${app}\n  - app: nothing_v1\n`);
    const { exitCode, err } = await chowda(['pipelines', 'create', file]);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/nothing_v1/);
    const local = await chowda(['pipelines', 'create', await pipelineFile('name: Shots\nstages: 7\n')]);
    expect(local.exitCode).toBe(2);
    expect(local.err).toMatch(/^chowda: pipeline\.yaml:2: stages: /);
  });

  it('reports a pipeline or file that does not exist', async () => {
    expect(await chowda(['pipelines', 'show', 'Nothing'])).toEqual({
      exitCode: 1,
      out: '',
      err: 'chowda: There is no pipeline "Nothing". "chowda pipelines list" shows all pipelines.\n',
    });
    expect((await chowda(['pipelines', 'create', join(folder, 'missing.yaml')])).exitCode).toBe(2);
  });
});

describe('chowda batches', () => {
  it('creates, shows and lists a batch', async () => {
    const made = await chowda(['batches', 'create', 'Tapes', '--pipeline', 'Shots', '--files', ...GUIDS, '--json']);
    const batch = JSON.parse(made.out) as BatchView;
    expect(batch.files).toBe(GUIDS.length);
    expect((await chowda(['batches', 'show', String(batch.id)])).out).toContain('Pipeline  Shots, version 2');
    expect((await chowda(['batches', 'list'])).out).toContain(`${batch.id}\tTapes\tShots v2\t7\tdraft\t`);
  });

  it('starts a batch once', async () => {
    const { id } = await gateway.draft('Shots', GUIDS);
    expect((await chowda(['batches', 'start', String(id)])).out).toBe(
      `Batch ${id} is started.\nWarning: The scheduler is not responding, so it is unknown whether workers serve the apps.\n`,
    );
    const again = (await chowda(['batches', 'start', String(id)])).out;
    expect(again).toContain('(already started)');
    expect(again).not.toContain('Warning');
  });

  it('reports in one line why a batch was rejected', async () => {
    const { exitCode, out, err } = await chowda([
      'batches',
      'create',
      'X',
      '--pipeline',
      'Shots',
      '--files',
      'stranger',
    ]);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toMatch(/^chowda: 1 media file is not registered.*: stranger\.\n$/);
  });
});

describe('a list', () => {
  it('shows every page', async () => {
    const titles = 'GUID\tKind\tLength\tLatest run\tTitle';
    const { out } = await chowda(['media', 'list']);
    expect(lines(out)[0]).toBe(titles);
    expect(
      lines(out)
        .slice(1)
        .map((line) => line.split('\t')[0]),
    ).toEqual(GUIDS);
  });

  it('respects the limit', async () => {
    expect(lines((await chowda(['media', 'list', '--limit', '3', '--json'])).out)).toHaveLength(3);
  });

  it('fits the width of a terminal', async () => {
    const { out } = await chowda(['media', 'list'], { columns: 60 });
    expect(lines(out)[0]).toMatch(/^GUID +Kind +Length +Latest run +Title$/);
    expect(lines(out).every((line) => line.length <= 60)).toBe(true);
  });

  it('states that it is empty, and prints nothing with --json', async () => {
    const empty = await TestGateway.start();
    const ask = callerOf(empty.client.url, ACCESS_TOKEN);
    expect((await ask(['batches', 'list'])).out).toBe('No batches. "chowda batches create" creates one.\n');
    expect((await ask(['batches', 'list', '--json'])).out).toBe('');
    await empty.close();
  });
});
