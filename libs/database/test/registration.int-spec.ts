import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AppsRepository,
  BatchesRepository,
  MediaFilesRepository,
  PipelinesRepository,
  RegistryRepository,
  SignInRepository,
} from '../src/index.js';
import { TestArchive } from './test-archive.js';

let archive: TestArchive;
beforeAll(async () => {
  archive = await TestArchive.open();
});
afterAll(() => archive.close());

const times = <Result>(count: number, task: () => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, () => task()));

describe(MediaFilesRepository, () => {
  const repository = () => new MediaFilesRepository(archive.dataSource);
  const file = (guid: string) =>
    ({ guid, title: 'Tape', path: `/media/${guid}.mp4`, kind: 'video', registeredBy: 'kc' }) as const;

  it('registers a file once when it is registered concurrently', async () => {
    const registrations = await times(5, () => repository().register(file('cpb-once')));
    expect(registrations.map(({ created }) => created).filter(Boolean)).toHaveLength(1);
    expect(new Set(registrations.map(({ file: { id } }) => id)).size).toBe(1);
  });

  it('returns an already registered file unchanged', async () => {
    await repository().register(file('cpb-kept'));
    const again = await repository().register({ ...file('cpb-kept'), title: 'Another', path: '/media/other.mp4' });
    expect(again).toMatchObject({ created: false, file: { title: 'Tape', path: '/media/cpb-kept.mp4' } });
  });

  it('lists files in pages, or the file with a GUID', async () => {
    const { file: first } = await repository().register(file('cpb-list-1'));
    const { file: second } = await repository().register(file('cpb-list-2'));
    const row = (file: object) => ({ ...file, status: 'never', durationMs: null });
    expect(await repository().list({ after: first.id - 1, limit: 1 })).toEqual([row(first)]);
    expect(await repository().list({ after: first.id, limit: 9 })).toEqual([row(second)]);
    expect(await repository().list({ after: null, limit: 9 }, { guid: 'cpb-list-2' })).toEqual([row(second)]);
    expect(await repository().list({ after: null, limit: 9 }, { guid: 'cpb-nothing' })).toEqual([]);
  });
});

describe(AppsRepository, () => {
  const repository = () => new AppsRepository(archive.dataSource);
  const registry = () => new RegistryRepository(archive.dataSource);
  const app = (slug: string) => ({
    slug,
    name: 'Text',
    version: 'v2',
    identifier: `http://apps.clams.ai/${slug}`,
    url: 'http://127.0.0.1:5001',
    metadata: { description: 'Reads text.', parameters: [{ name: 'threshold', default: 0.5 }] },
    metadataText: '{}',
    metadataSha256: 'e'.repeat(64),
    concurrency: 2,
    deadlineSeconds: 60,
    registeredBy: 'test',
  });

  it('registers an app that is not ready until the scheduler marks it', async () => {
    const registration = await repository().register(app('text_v1'));
    expect(registration).toMatchObject({ result: 'created', app: { description: 'Reads text.', ready: false } });
    const known = (await registry().apps()).find(({ slug }) => slug === 'text_v1')!;
    expect(known).toMatchObject({ ready: false, concurrency: 2, metadata: app('text_v1').metadata });
    await registry().markReady(known.id);
    expect((await repository().bySlugs(['text_v1', 'nothing_v1'])).get('text_v1')).toMatchObject({ ready: true });
    expect((await repository().bySlugs(['nothing_v1'])).size).toBe(0);
  });

  it('keeps an unchanged app ready, but not a changed one', async () => {
    await registry().markReady((await repository().bySlugs(['text_v1'])).get('text_v1')!.id);
    expect(await repository().register(app('text_v1'))).toMatchObject({ result: 'known', app: { ready: true } });
    const changed = await repository().register({ ...app('text_v1'), metadata: { description: 'Reads more.' } });
    expect(changed).toMatchObject({ result: 'known', app: { ready: false, description: 'Reads more.' } });
    expect((await repository().list({ after: null, limit: 9 })).filter(({ slug }) => slug === 'text_v1')).toHaveLength(
      1,
    );
  });

  it('does not change the URL of an app', async () => {
    await repository().register(app('text_v2'));
    expect(await repository().register({ ...app('text_v2'), url: 'http://127.0.0.1:5002' })).toEqual({
      result: 'elsewhere',
      url: 'http://127.0.0.1:5001',
    });
  });

  it('keeps the settings of an app that is registered again without them', async () => {
    await repository().register(app('text_v4'));
    const set = {
      enabled: false,
      concurrency: 9,
      retry: { timeout: { attempts: 5, delaySeconds: 1 } },
      notes: 'Slow.',
    };
    expect(await repository().change('text_v4', { ...set, costPerHour: 1.5 }, 'ann')).toMatchObject({
      ...set,
      costPerHour: 1.5,
      deadlineSeconds: 60,
    });
    const { concurrency: _, deadlineSeconds: __, ...bare } = app('text_v4');
    expect(await repository().register(bare)).toMatchObject({ app: { ...set, costPerHour: 1.5, deadlineSeconds: 60 } });
    expect(await repository().change('text_v4', { costPerHour: null }, 'ann')).toMatchObject({
      ...set,
      costPerHour: null,
    });
    expect(await repository().change('nothing_v1', set, 'ann')).toBeNull();
  });

  it('records who changed an app, but nothing without a change', async () => {
    const changes = () =>
      archive.dataSource.query("select actor, request from operator_actions where verb = 'change-app' order by id");
    const before = await changes();
    await repository().change('text_v4', { notes: 'Fast.' }, 'bob');
    await repository().change('text_v4', { notes: 'Fast.' }, 'cleo');
    expect(await changes()).toEqual([...before, { actor: 'bob', request: { app: 'text_v4', notes: 'Fast.' } }]);
  });

  it('stores changed metadata of an app without changing saved pipelines', async () => {
    await registry().markReady((await repository().bySlugs(['text_v4'])).get('text_v4')!.id);
    const { identifier, metadata, metadataText, metadataSha256 } = app('text_v4');
    const same = { identifier, metadata, metadataText, metadataSha256 };
    expect(await repository().refresh('text_v4', same, 'ann')).toMatchObject({
      app: { ready: true },
      before: metadata,
    });
    const other = { ...same, metadata: { description: 'Reads all.' }, metadataSha256: 'f'.repeat(64) };
    expect(await repository().refresh('text_v4', other, 'ann')).toMatchObject({
      app: { ready: false, description: 'Reads all.' },
      before: metadata,
    });
    expect(await repository().refresh('nothing_v1', same, 'ann')).toBeNull();
  });

  it('registers an app once when it is registered concurrently', async () => {
    const results = await times(5, () => repository().register(app('text_v3')));
    expect(results.map(({ result }) => result).sort()).toEqual(['created', 'known', 'known', 'known', 'known']);
  });
});

describe(PipelinesRepository, () => {
  const repository = () => new PipelinesRepository(archive.dataSource);
  const appId = async () => (await new AppsRepository(archive.dataSource).bySlugs(['shots_v1'])).get('shots_v1')!.id;
  const pipeline = async (name: string, ...parameters: object[]) => ({
    name,
    description: 'Finds shots.',
    stages: (await Promise.all(
      parameters.map(async (set) => ({ appId: await appId(), parameters: set, types: {}, mmifVersion: null })),
    )) as never,
    sourceVocabulary: 'old' as const,
    findings: [],
    createdBy: 'test',
  });

  it('creates a new version only when the stages differ', async () => {
    const first = await repository().save(await pipeline('shots', { a: 1, b: 'two' }, {}));
    expect(first).toMatchObject({
      created: true,
      pipeline: { version: 1, stages: [{ index: 0, app: 'shots_v1', parameters: { a: 1, b: 'two' } }, { index: 1 }] },
    });
    const reordered = await repository().save(await pipeline('shots', { b: 'two', a: 1 }, {}));
    expect(reordered).toEqual({ ...first, created: false });
    expect(await repository().save(await pipeline('shots', { a: 2, b: 'two' }, {}))).toMatchObject({
      created: true,
      pipeline: { id: first.pipeline.id, version: 2 },
    });
    expect(await repository().save(await pipeline('shots', { a: 2, b: 'two' }))).toMatchObject({
      pipeline: { version: 3 },
    });
  });

  it('updates the description without a new version', async () => {
    await repository().save(await pipeline('described', {}));
    const again = await repository().save({ ...(await pipeline('described', {})), description: 'Better words.' });
    expect(again).toMatchObject({ created: false, pipeline: { version: 1, description: 'Better words.' } });
  });

  it('creates one version from concurrent identical saves', async () => {
    const given = await pipeline('at once', {});
    const saved = await times(5, () => repository().save(given));
    expect(saved.filter(({ created }) => created)).toHaveLength(1);
    expect(saved.map(({ pipeline: { version } }) => version)).toEqual([1, 1, 1, 1, 1]);
  });

  it('keeps the description when a version is saved without one', async () => {
    const { description: _, ...bare } = await pipeline('described', { a: 1 });
    expect(await repository().save(bare)).toMatchObject({ pipeline: { version: 2, description: 'Better words.' } });
  });

  it('keeps every version unchanged, with its author', async () => {
    const { pipeline: first } = await repository().save(await pipeline('versioned', { a: 1 }));
    await repository().save({ ...(await pipeline('versioned', { a: 2 })), createdBy: 'ann' });
    expect(await repository().findVersion(first.id, 1)).toEqual(first);
    expect(await repository().findVersion(first.id, 3)).toBeNull();
    expect(await repository().versions(first.id, { after: null, limit: 9 })).toMatchObject([
      { version: 2, createdBy: 'ann', stages: [{ index: 0, app: 'shots_v1', name: 'Shots' }] },
      { version: 1, createdBy: 'test' },
    ]);
    expect(await repository().versions(first.id, { after: 2, limit: 9 })).toMatchObject([{ version: 1 }]);
  });

  it('creates a pipeline only under an unused name', async () => {
    expect(await repository().create(await pipeline('fresh', {}))).toMatchObject({ version: 1 });
    expect(await repository().create(await pipeline('fresh', { a: 1 }))).toBeNull();
    expect((await repository().list({ after: null, limit: 9 }, { query: 'FRESH', archived: null }))[0]).toMatchObject({
      version: 1,
    });
  });

  it('renames, describes and archives a pipeline, but only under an unused name', async () => {
    const { pipeline: first } = await repository().save(await pipeline('to change', {}));
    await repository().save(await pipeline('another', {}));
    const change = { name: 'changed', description: 'New.', archived: true };
    expect(await repository().change(first.id, change, 'ann')).toEqual({
      result: 'changed',
      pipeline: { ...first, ...change },
    });
    expect(await repository().change(first.id, { name: 'another' }, 'ann')).toEqual({ result: 'name-taken' });
    expect(await repository().change(999_999, {}, 'ann')).toEqual({ result: 'unknown-pipeline' });
    expect(await repository().isArchived('changed')).toBe(true);
    expect(await repository().change(first.id, { archived: false }, 'ann')).toMatchObject({
      pipeline: { name: 'changed', archived: false },
    });
  });

  it('gives a name to one of two concurrent renames', async () => {
    const [a, b] = [await repository().save(await pipeline('a', {})), await repository().save(await pipeline('b', {}))];
    const results = await Promise.all(
      [a, b].map(({ pipeline: { id } }) => repository().change(id, { name: 'wanted' }, 'ann')),
    );
    expect(results.map(({ result }) => result).sort()).toEqual(['changed', 'name-taken']);
  });

  it('finds archived and unarchived pipelines by a literal part of their texts', async () => {
    const { pipeline: saved } = await repository().save(await pipeline('50 % of_all', {}));
    const find = (query: string, archived: boolean | null) =>
      repository().list({ after: null, limit: 9 }, { query, archived });
    expect(await find('% OF_', false)).toEqual([saved]);
    expect(await find('50_% of', null)).toEqual([]);
    await repository().change(saved.id, { archived: true }, 'ann');
    expect(await find('of_all', false)).toEqual([]);
    expect(await find('of_all', true)).toEqual([{ ...saved, archived: true }]);
  });

  it('finds and lists the newest versions', async () => {
    const { pipeline: saved } = await repository().save(await pipeline('found', {}));
    const { pipeline: newer } = await repository().save(await pipeline('found', {}, {}));
    expect(await repository().find(saved.id)).toEqual(newer);
    expect(await repository().find(999_999)).toBeNull();
    expect(await repository().list({ after: saved.id - 1, limit: 1 })).toEqual([newer]);
  });
});

describe(BatchesRepository, () => {
  const repository = () => new BatchesRepository(archive.dataSource);
  const count = async (table: string) =>
    Number((await archive.dataSource.query<[{ n: string }]>(`select count(*) as n from ${table}`))[0].n);

  it('creates a draft with one waiting run per file, in the given order', async () => {
    await archive.draft({ files: 3 });
    const creation = await repository().create({
      name: 'Reversed',
      pipeline: '2 stages',
      files: ['cpb-aacip-2', 'cpb-aacip-0', 'cpb-aacip-1'],
      createdBy: 'test',
    });
    expect(creation).toEqual({ result: 'created', id: expect.any(Number) });
    const { id } = creation as { id: number };
    expect(
      await archive.dataSource.query(
        `select r.row, m.guid, r.state, r.generation from runs r join media_files m on m.id = r.media_file_id
         where batch_id = $1 order by row`,
        [id],
      ),
    ).toEqual(
      ['cpb-aacip-2', 'cpb-aacip-0', 'cpb-aacip-1'].map((guid, row) => ({
        row,
        guid,
        state: 'waiting',
        generation: 0,
      })),
    );
  });

  it('creates nothing when the pipeline or a file is unknown', async () => {
    await archive.draft({ files: 1 });
    const before = [await count('batches'), await count('runs')];
    const batch = { name: 'Refused', pipeline: '2 stages', files: ['cpb-aacip-0'], createdBy: 'test' };
    expect(await repository().create({ ...batch, pipeline: 'nothing' })).toEqual({ result: 'unknown-pipeline' });
    const strangers = Array.from({ length: 30 }, (_, n) => `stranger-${n}`);
    expect(await repository().create({ ...batch, files: ['cpb-aacip-0', ...strangers] })).toEqual({
      result: 'unknown-files',
      count: 30,
      guids: strangers.slice(0, 20),
    });
    expect([await count('batches'), await count('runs')]).toEqual(before);
  });

  it('starts a draft once after concurrent commands', async () => {
    const { id } = await archive.draft({ files: 1 });
    const results = await times(10, () => repository().start(id));
    expect(results.filter((result) => result === 'started')).toHaveLength(1);
    expect(results.filter((result) => result === 'already-started')).toHaveLength(9);
    expect(await repository().start(999_999)).toBe('unknown-batch');
  });

  it('gives a new batch at least the pass of the running batch that is served next', async () => {
    await archive.dataSource.query("update batches set pass = 70 + id where state = 'running'");
    const [{ least }] = await archive.dataSource.query<[{ least: number }]>(
      "select min(pass) as least from batches where state = 'running'",
    );
    const { id } = await archive.draft({ files: 1 });
    await repository().start(id);
    expect(await archive.dataSource.query('select pass from batches where id = $1', [id])).toEqual([{ pass: least }]);
  });
});

describe(SignInRepository, () => {
  const codes = () => new SignInRepository(archive.dataSource);

  it('accepts a code once, even concurrently, and stores no code', async () => {
    const uses = await times(5, () => codes().useOnce('one-time-code'));
    expect(uses.filter(Boolean)).toHaveLength(1);
    expect(await codes().useOnce('one-time-code')).toBe(false);
    expect(await codes().useOnce('another-code')).toBe(true);
    const kept = await archive.dataSource.query('select * from used_sign_in_codes');
    expect(JSON.stringify(kept)).not.toContain('code"');
    expect(JSON.stringify(kept)).not.toContain('one-time');
  });
});
