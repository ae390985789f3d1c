import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readdir, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ImportReport } from '#libs/contracts';
import { testFolder } from '#libs/testing';
import { callerOf } from './call.js';
import { broken, json, type Reply, type ScriptedServer, startScriptedServer } from './scripted-server.js';

const COUNTS = { lines: 1, found: 1, added: 1, present: 0, duplicate: 0, unknown: 0, doubtful: 0 };
const REPORT: ImportReport = { dryRun: false, source: 'csv', counts: COUNTS, lines: [], import: 3 };
const imported = json(REPORT, 201);
const uploaded = json({ guid: 'cpb-a', sha256: 'x', bytes: 2 });
/** Longer than the part that is read to detect the type. */
const TABLE = `GUID\n${'cpb-aacip-507-aa\n'.repeat(20_000)}`;

let folder: string;
let server: ScriptedServer | undefined;
beforeEach(async () => {
  folder = await testFolder('uploads');
});
afterEach(() => server?.close());

async function scripted(replies: Reply[]) {
  server = await startScriptedServer(replies);
  return { chowda: callerOf(server.url, 'token'), arrived: server.arrived };
}
async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}
const temporary = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('chowda-input-'));

describe('an uploaded file', () => {
  it('is sent while it is read, and sent again if the connection breaks', async () => {
    const { chowda, arrived } = await scripted([broken, imported]);
    expect(await chowda(['media', 'import', await file('tapes.csv', TABLE)])).toMatchObject({ exitCode: 0 });
    expect(arrived).toHaveLength(2);
    expect(arrived[1]).toEqual(arrived[0]);
    expect(arrived[0]).toMatchObject({ type: 'text/csv', body: TABLE, length: undefined });
  });

  it('can come from standard input, and leaves no temporary file', async () => {
    const before = await temporary();
    const { chowda, arrived } = await scripted([broken, imported]);
    expect(await chowda(['media', 'import', '-'], { stdin: TABLE })).toMatchObject({ exitCode: 0 });
    expect(arrived.map(({ body, type }) => [body === TABLE, type])).toEqual([
      [true, 'text/csv'],
      [true, 'text/csv'],
    ]);
    expect((await temporary()).filter((name) => !before.includes(name))).toEqual([]);
  });

  it('can be a named pipe, which can be read only once', async () => {
    const pipe = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    const { chowda, arrived } = await scripted([broken, imported]);
    const [called] = await Promise.all([chowda(['media', 'import', pipe]), writeFile(pipe, TABLE)]);
    expect([called.exitCode, arrived.map(({ body }) => body === TABLE)]).toEqual([0, [true, true]]);
  });

  it('can be an MMIF document', async () => {
    const { chowda, arrived } = await scripted([uploaded]);
    expect(await chowda(['batches', 'upload', '12', 'cpb-a', await file('a.mmif', '{}')])).toMatchObject({
      exitCode: 0,
    });
    expect(arrived).toMatchObject([
      { method: 'PUT', path: '/api/batches/12/inputs/cpb-a', type: 'application/json', body: '{}', length: undefined },
    ]);
  });

  it('is not sent if it cannot be read, or is a JSON list above the size limit', async () => {
    const { chowda, arrived } = await scripted([]);
    const large = await file('large.json', '[');
    await truncate(large, 16 * 1024 * 1024 + 1);
    for (const [path, sentence] of [
      [join(folder, 'missing.csv'), 'the file does not exist'],
      [folder, 'it is a folder'],
      [large, 'Convert it to CSV'],
    ] as const)
      expect(await chowda(['media', 'import', path])).toMatchObject({
        exitCode: 2,
        err: expect.stringContaining(sentence),
      });
    expect(arrived).toEqual([]);
  });
});
