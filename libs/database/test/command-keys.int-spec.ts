import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { dataSourceOptions } from '../src/data-source.js';
import { AfterCommit, CommandKeysRepository, KeyReused, MediaFilesRepository } from '../src/index.js';
import { AmbientDataSource } from '../src/transactions/ambient-data-source.js';

let database: TestDatabase;
let dataSource: AmbientDataSource;
/** A second process. */
let elsewhere: AmbientDataSource;
let keys: CommandKeysRepository;

const connect = () => new AmbientDataSource(dataSourceOptions(database.url, { poolSize: 4 })).initialize();

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = (await connect()) as AmbientDataSource;
  elsewhere = (await connect()) as AmbientDataSource;
  keys = new CommandKeysRepository(dataSource);
});
beforeEach(() => dataSource.query('truncate command_keys; truncate media_files cascade'));
afterAll(async () => {
  await elsewhere.destroy();
  await dataSource.destroy();
  await database.drop();
});

const COMMAND = { actor: 'kc', key: 'key-1', digest: 'd1' };
const ANSWER = { status: 201, body: '{"id":7}' };
const register = (guid: string, source = dataSource) =>
  new MediaFilesRepository(source).register({
    guid,
    title: '',
    path: `/media/${guid}.mp4`,
    kind: 'video',
    registeredBy: 'kc',
  });
const guids = async () =>
  (await elsewhere.query<{ guid: string }[]>('select guid from media_files order by 1')).map((row) => row.guid);
const done = async (guid: string) => {
  await register(guid);
  return ANSWER;
};

describe('a command with a key', () => {
  it('is executed once and answered the same each time', async () => {
    expect(await keys.once(COMMAND, () => done('a'))).toEqual({ replayed: false, answer: ANSWER });
    expect(await keys.once(COMMAND, () => done('b'))).toEqual({ replayed: true, answer: ANSWER });
    expect(await guids()).toEqual(['a']);
  });

  it('is executed again for another actor or another key', async () => {
    await keys.once(COMMAND, () => done('a'));
    await keys.once({ ...COMMAND, actor: 'other' }, () => done('b'));
    await keys.once({ ...COMMAND, key: 'key-2' }, () => done('c'));
    expect(await guids()).toEqual(['a', 'b', 'c']);
  });

  it('is refused when its key was used for another command, which is unaffected', async () => {
    await keys.once(COMMAND, () => done('a'));
    await expect(keys.once({ ...COMMAND, digest: 'd2' }, () => done('b'))).rejects.toThrow(KeyReused);
    expect(await keys.once(COMMAND, () => done('b'))).toMatchObject({ replayed: true });
    expect(await guids()).toEqual(['a']);
  });

  it('leaves no trace when it is refused, and can be sent again', async () => {
    const refused = keys.once(COMMAND, async () => {
      await register('a');
      throw new Error('no such pipeline');
    });
    await expect(refused).rejects.toThrow('no such pipeline');
    expect(await guids()).toEqual([]);
    expect(await keys.once(COMMAND, () => done('a'))).toEqual({ replayed: false, answer: ANSWER });
  });

  it('is executed once when two processes receive it fifty times concurrently', async () => {
    const there = new CommandKeysRepository(elsewhere);
    let calls = 0;
    const work = async (source: AmbientDataSource) => {
      await register(`once-${(calls += 1)}`, source);
      return ANSWER;
    };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        index % 2 === 0 ? keys.once(COMMAND, () => work(dataSource)) : there.once(COMMAND, () => work(elsewhere)),
      ),
    );
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(answers.map(({ answer }) => JSON.stringify(answer)))).toEqual(new Set([JSON.stringify(ANSWER)]));
    expect(await guids()).toEqual(['once-1']);
  });

  it('is deleted after its retention, but not earlier', async () => {
    await keys.once(COMMAND, () => done('a'));
    await keys.once({ ...COMMAND, key: 'key-2' }, () => done('b'));
    await dataSource.query("update command_keys set created_at = now() - interval '8 days' where key = 'key-1'");
    expect(await keys.forget({ days: 7, limit: 10 })).toBe(1);
    expect(await keys.forget({ days: 7, limit: 10 })).toBe(0);
    expect(await keys.once({ ...COMMAND, key: 'key-2' }, () => done('c'))).toMatchObject({ replayed: true });
  });
});

describe('an ambient transaction', () => {
  it('includes queries, transactions and repositories', async () => {
    await dataSource.together(async () => {
      await register('by-repository');
      await dataSource.transaction(async (manager) => {
        await manager.query(
          "insert into media_files (guid, title, path, kind) values ('by-transaction', '', '/t', 'video')",
        );
      });
      await dataSource.query(
        "insert into media_files (guid, title, path, kind) values ('by-query', '', '/q', 'video')",
      );
      expect(await new MediaFilesRepository(dataSource).list({ after: null, limit: 10 })).toHaveLength(3);
      expect(await guids()).toEqual([]);
    });
    expect(await guids()).toEqual(['by-query', 'by-repository', 'by-transaction']);
  });

  it('continues after a nested transaction has failed and was rolled back', async () => {
    await dataSource.together(async () => {
      const failed = dataSource.transaction(async (manager) => {
        await manager.query("insert into media_files (guid, title, path, kind) values ('undone', '', '/t', 'video')");
        await manager.query('select 1/0');
      });
      await expect(failed).rejects.toThrow(/division by zero/);
      await register('kept');
    });
    expect(await guids()).toEqual(['kept']);
  });

  it('accepts concurrent queries and nested transactions', async () => {
    await dataSource.together(async () => {
      const insert = (guid: string) =>
        dataSource.transaction(async (manager) => {
          await manager.query("insert into media_files (guid, title, path, kind) values ($1, '', $1, 'video')", [guid]);
          await dataSource.transaction((inner) => inner.query('select 1'));
          if (guid === 'b') throw new Error('not this one');
        });
      await Promise.allSettled([insert('a'), insert('b'), insert('c'), register('d')]);
    });
    expect(await guids()).toEqual(['a', 'c', 'd']);
  });

  it('does not affect other callers', async () => {
    await dataSource.together(async () => {
      await register('mine');
      await register('others', elsewhere);
    });
    const failed = dataSource.together(async () => {
      await register('undone');
      throw new Error('no');
    });
    await Promise.all([register('beside'), failed.catch(() => undefined)]);
    expect(await guids()).toEqual(['beside', 'mine', 'others']);
  });

  it('runs effects in order after the commit, and none after a rollback', async () => {
    const told: string[] = [];
    const after = new AfterCommit(dataSource);
    await dataSource.together(async () => {
      await register('a');
      await after.do(async () => told.push(`first: ${(await guids()).join()}`));
      await after.do(() => told.push('second'));
      expect(told).toEqual([]);
    });
    expect(told).toEqual(['first: a', 'second']);
    await dataSource
      .together(async () => {
        await after.do(() => told.push('never'));
        throw new Error('no');
      })
      .catch(() => undefined);
    await after.do(() => told.push('at once'));
    expect(told).toEqual(['first: a', 'second', 'at once']);
  });

  it('rejects queries of its participants after its end', async () => {
    const begun: Promise<unknown>[] = [];
    const failed = dataSource.together(async () => {
      begun.push(
        dataSource.transaction(async (manager) => {
          await manager.query('select pg_sleep(0.01)');
          await manager.query("insert into media_files (guid, title, path, kind) values ('late', '', '/l', 'video')");
        }),
      );
      begun[0]!.catch(() => undefined);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await expect(begun[0]).rejects.toThrow(/The transaction has ended/);
    expect(await guids()).toEqual([]);
  });
});
