import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchView, ImportReport } from '#libs/contracts';
import { isFullRun } from '#libs/testing';
import type { Answer, HttpClient } from '../http-client.js';
import { MP4_HEAD } from '../test-gateway.js';
import { KillStage, type Place, type Send } from './kill-stage.js';

const GUIDS = ['cpb-a', 'cpb-b', 'cpb-c'];
const MINUTE = 60_000;
/** The first and the last statement of every command write its key. */
const [FIRST, LAST] = ['insert on command_keys', 'update on command_keys'];
/** Places of the kill for each command. In `npm test`, a place that all commands have occurs with one of them. */
const PLACES: Record<'create' | 'start' | 'import', readonly Place[]> = isFullRun
  ? {
      create: ['insert on runs', 'answered'],
      start: [FIRST, 'update on batches', LAST, 'answered'],
      import: ['half-sent', FIRST, 'insert on media_files', 'insert on import_lines', LAST, 'answered'],
    }
  : {
      create: ['insert on runs', 'answered'],
      start: [FIRST, 'update on batches'],
      import: ['half-sent', 'insert on media_files', 'insert on import_lines', LAST],
    };

let stage: KillStage;
let client: HttpClient;
beforeAll(async () => {
  stage = await KillStage.open(process.env);
  ({ client } = stage.seed);
  await client.post('/api/pipelines', { name: 'shots', stages: [{ app: stage.app }] });
  await stage.seed.mediaFiles(GUIDS);
  // The first start of a file writes more rows than later ones.
  await client.post(`/api/batches/${(await draft()).id}/start`);
}, MINUTE);
afterAll(() => stage.close(), MINUTE);

/** Kills the gateway during a command, repeats the command, and expects the same rows as after one execution. */
async function expectOnce(place: Place, once: Send, other: Send): Promise<Answer> {
  let answers: readonly Answer[] = [];
  const rows = await stage.rowsOf(async () => (answers = await stage.killedAt(place, once)));
  expect(rows).toEqual(await stage.rowsOf(() => other(client)));
  const [first, second] = answers as [Answer, Answer];
  expect([second.status, second.bytes.toString()]).toEqual([first.status, first.bytes.toString()]);
  expect(second.headers).toHaveProperty('idempotency-replayed', 'true');
  // A command that was committed before the kill is not executed again.
  expect(first.headers['idempotency-replayed']).toBe(place === 'answered' ? 'true' : undefined);
  return first;
}

const keyed = () => ({ 'idempotency-key': randomUUID() });

describe('a gateway that is killed during a command that is then repeated', () => {
  it.each(PLACES.create)(
    'creates a batch once when killed at %s',
    async (place) => {
      const create = (name: string): Send => {
        const headers = keyed();
        return (gateway) => gateway.post('/api/batches', { name, pipeline: 'shots', files: GUIDS }, headers);
      };
      const answer = await expectOnce(place, create(place), create('undisturbed'));
      expect(answer).toMatchObject({ status: 201, body: { name: place, files: 3 } });
    },
    2 * MINUTE,
  );

  it.each(PLACES.start)(
    'starts a batch once when killed at %s',
    async (place) => {
      const [{ id }, undisturbed] = [await draft(), await draft()];
      const start = (batch: number): Send => {
        const headers = keyed();
        return (gateway) => gateway.post(`/api/batches/${batch}/start`, undefined, headers);
      };
      const answer = await expectOnce(place, start(id), start(undisturbed.id));
      expect(answer).toMatchObject({ status: 202, body: { id, summary: { state: 'running', version: 1 } } });
      expect((await client.get(`/api/batches/${id}`)).body).toMatchObject({ summary: { version: 1 } });
    },
    2 * MINUTE,
  );

  it.each(PLACES.import)(
    'imports a whole list once when killed at %s',
    async (place) => {
      const name = `cpb-${place.replaceAll(/\W/g, '-')}`;
      const answer = await expectOnce(place, await importOf(name), await importOf(`${name}-undisturbed`));
      expect(answer).toMatchObject({ status: 201, body: { counts: { lines: 3, added: 3, present: 0 } } });
      const { import: id } = answer.body as ImportReport;
      expect((await client.get(`/api/imports/${id}/lines`)).body).toMatchObject({
        items: Array(3).fill(expect.objectContaining({ result: 'added' })),
      });
    },
    2 * MINUTE,
  );
});

const draft = (): Promise<BatchView> => stage.seed.draft('shots', GUIDS);

/** Imports a list of new files. */
async function importOf(name: string): Promise<Send> {
  const guids = GUIDS.map((guid) => `${name}-${guid}`);
  await Promise.all(guids.map((guid) => writeFile(join(stage.seed.mediaFolder, `${guid}.mp4`), MP4_HEAD)));
  const headers = { ...keyed(), 'content-type': 'text/plain' };
  return (gateway) => gateway.post('/api/media-files/imports', guids.join('\n'), headers);
}
