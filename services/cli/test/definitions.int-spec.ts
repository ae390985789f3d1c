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
  it('adds an app, and says so once pipelines may use it', async () => {
    expect(await chowda(['apps', 'add', scripted.url])).toEqual({
      exitCode: 0,
      out: expect.stringContaining(`is registered as ${app}.\n`),
      err: '',
    });
  });

  it('does not add what does not answer', async () => {
    const { exitCode, out, err } = await chowda(['apps', 'add', 'http://127.0.0.1:9']);
    expect([exitCode, out, lines(err).length]).toEqual([1, '', 1]);
    expect(err).toMatch(/^chowda: .*127\.0\.0\.1:9/);
  });

  it('lists and shows them', async () => {
    expect((await chowda(['apps', 'list'])).out).toContain(`${app}\t`);
    expect((await chowda(['apps', 'show', app])).out).toMatch(new RegExp(`^App +${app}$`, 'm'));
    const { out } = await chowda(['apps', 'list', '--json']);
    expect(lines(out).map((line) => (JSON.parse(line) as AppView).slug)).toEqual([app]);
  });
});

describe('chowda apps set, health and refresh', () => {
  it('change how an app is used', async () => {
    const { exitCode, out } = await chowda(['apps', 'set', app, '--concurrency', '4', '--cost', '1.2', '--disable']);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Usable +disabled$/m);
    expect(out).toMatch(/^At once +4$/m);
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
    'do not change anything by %j',
    async (options) => expect((await chowda(['apps', 'set', app, ...options])).exitCode).toBe(2),
  );

  it('tell whether it answers, and what has changed', async () => {
    const { exitCode, out } = await chowda(['apps', 'health', app]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Running +0 of 4$/m);
    expect((await chowda(['apps', 'refresh', app, '--dry-run'])).out).toBe('Nothing has changed.\n');
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

  it('finds one by its name and by its id', async () => {
    const { out } = await chowda(['pipelines', 'show', 'Shots', '--json']);
    const { id, version } = JSON.parse(out) as PipelineView;
    expect(version).toBe(2);
    expect((await chowda(['pipelines', 'show', String(id)])).out).toMatch(/^Version +2$/m);
    expect((await chowda(['pipelines', 'list'])).out).toContain('Shots\t2\t');
  });

  it('tells versions apart', async () => {
    expect((await chowda(['pipelines', 'diff', 'Shots'])).out).toMatch(/^From version 1 to version 2:\n {2}\S/);
    expect((await chowda(['pipelines', 'diff', 'Shots', '--from', '2', '--to', '2'])).out).toContain('are the same');
    expect(lines((await chowda(['pipelines', 'versions', 'Shots'])).out)).toHaveLength(3);
  });

  it('exports what it reads again', async () => {
    const { out } = await chowda(['pipelines', 'export', 'Shots']);
    expect(out).toBe(`name: Shots\nstages:\n  - app: ${app}\n  - app: ${app}\n`);
    const older = await chowda(['pipelines', 'export', 'Shots', '--pipeline-version', '1']);
    expect(older.out).toBe(`name: Shots\nstages:\n  - app: ${app}\n`);
    expect((await chowda(['pipelines', 'create', '-', '--check'], { stdin: out })).out).toContain('can be saved');
  });

  it('clones one, and takes one out of the list and back', async () => {
    expect((await chowda(['pipelines', 'clone', 'Shots', 'Shots again'])).exitCode).toBe(0);
    expect((await chowda(['pipelines', 'archive', 'Shots again'])).out).toMatch(/^Archived +yes$/m);
    expect((await chowda(['pipelines', 'list'])).out).not.toContain('Shots again');
    expect((await chowda(['pipelines', 'archive', 'Shots again', '--undo'])).exitCode).toBe(0);
    expect((await chowda(['pipelines', 'list'])).out).toContain('Shots again');
  });

  it('checks one without saving it', async () => {
    const stdin = `name: Checked\nstages: [{ app: ${app}, parameters: { nothing: 1 } }]`;
    const { exitCode, out } = await chowda(['pipelines', 'create', '-', '--check'], { stdin });
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^It cannot be saved:\nstandard input:2: stages\.0\.parameters/);
    expect((await chowda(['pipelines', 'list'])).out).not.toContain('Checked');
  });

  it('names faults by their lines, those that only Chowda sees as well', async () => {
    const file = await pipelineFile(`name: Shots\nstages:\n  - app: ${app}\n  - app: nothing_v1\n`);
    const { exitCode, err } = await chowda(['pipelines', 'create', file]);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/nothing_v1/);
    const local = await chowda(['pipelines', 'create', await pipelineFile('name: Shots\nstages: 7\n')]);
    expect(local.exitCode).toBe(2);
    expect(local.err).toMatch(/^chowda: pipeline\.yaml:2: stages: /);
  });

  it('does not find what is not there', async () => {
    expect(await chowda(['pipelines', 'show', 'Nothing'])).toEqual({
      exitCode: 1,
      out: '',
      err: 'chowda: There is no pipeline "Nothing": "chowda pipelines list" shows them.\n',
    });
    expect((await chowda(['pipelines', 'create', join(folder, 'missing.yaml')])).exitCode).toBe(2);
  });
});

describe('chowda batches', () => {
  it('creates, shows and lists one', async () => {
    const made = await chowda(['batches', 'create', 'Tapes', '--pipeline', 'Shots', '--files', ...GUIDS, '--json']);
    const batch = JSON.parse(made.out) as BatchView;
    expect(batch.files).toBe(GUIDS.length);
    expect((await chowda(['batches', 'show', String(batch.id)])).out).toContain('Pipeline  Shots, version 2');
    expect((await chowda(['batches', 'list'])).out).toContain(`${batch.id}\tTapes\tShots v2\t7\tdraft\t`);
  });

  it('starts one once', async () => {
    const { id } = await gateway.draft('Shots', GUIDS);
    expect((await chowda(['batches', 'start', String(id)])).out).toBe(
      `Batch ${id} is started.\nWarning: The scheduler is not responding, so it is unknown whether workers serve the apps.\n`,
    );
    const again = (await chowda(['batches', 'start', String(id)])).out;
    expect(again).toContain('(it was started before)');
    expect(again).not.toContain('Warning');
  });

  it('passes on why one is refused, in one line', async () => {
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

describe('lists', () => {
  it('show every page', async () => {
    const titles = 'GUID\tKind\tLength\tNewest run\tTitle';
    const { out } = await chowda(['media', 'list']);
    expect(lines(out)[0]).toBe(titles);
    expect(
      lines(out)
        .slice(1)
        .map((line) => line.split('\t')[0]),
    ).toEqual(GUIDS);
  });

  it('show no more than is asked for', async () => {
    expect(lines((await chowda(['media', 'list', '--limit', '3', '--json'])).out)).toHaveLength(3);
  });

  it('fit a terminal', async () => {
    const { out } = await chowda(['media', 'list'], { columns: 60 });
    expect(lines(out)[0]).toMatch(/^GUID +Kind +Length +Newest run +Title$/);
    expect(lines(out).every((line) => line.length <= 60)).toBe(true);
  });

  it('say when there is nothing, and to scripts nothing', async () => {
    const empty = await TestGateway.start();
    const ask = callerOf(empty.client.url, ACCESS_TOKEN);
    expect((await ask(['batches', 'list'])).out).toBe('No batches: create one.\n');
    expect((await ask(['batches', 'list', '--json'])).out).toBe('');
    await empty.close();
  });
});
