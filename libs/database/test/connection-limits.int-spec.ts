import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { type ConnectionLimits, GATEWAY_LIMITS, LEADER_LIMITS } from '../src/connection-limits.js';
import { dataSourceOptions } from '../src/data-source.js';
import { TestArchive } from './test-archive.js';

const TIMEOUTS = ['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout'] as const;

let archive: TestArchive;
beforeAll(async () => {
  archive = await TestArchive.open();
});
afterAll(() => archive.close());

/** Runs work on a connection with these limits. */
async function connected<Result>(
  limits: ConnectionLimits | undefined,
  work: (connection: DataSource) => Promise<Result>,
): Promise<Result> {
  const dataSource = new DataSource(
    dataSourceOptions(archive.url, { poolSize: 1, ...(limits === undefined ? {} : { limits }) }),
  );
  await dataSource.initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** The timeouts of a connection in milliseconds; 0: none. */
const timeoutsWith = (limits: ConnectionLimits | undefined) =>
  connected(limits, async (dataSource) => {
    const rows = await dataSource.query<{ name: string; setting: string }[]>(
      'select name, setting from pg_settings where name = any($1)',
      [TIMEOUTS],
    );
    return Object.fromEntries(rows.map(({ name, setting }) => [name, Number(setting)]));
  });

describe('the connections of the leader', () => {
  it('wait at most 10 s for a lock, a statement or an idle transaction', async () => {
    const timeouts = await timeoutsWith(LEADER_LIMITS);
    for (const name of TIMEOUTS) {
      expect([name, timeouts[name]! > 0, timeouts[name]! <= 10_000]).toEqual([name, true, true]);
    }
  });

  it('read large tables by key', async () => {
    const plan = await connected(LEADER_LIMITS, (dataSource) =>
      dataSource.query<{ 'QUERY PLAN': string }[]>('explain select * from runs where id = any($1)', [[1, 2, 3]]),
    );
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).not.toContain('Seq Scan');
  });

  it('give up a lock that another session holds', async () => {
    const [run] = await archive.runningBatch({ files: 1 });
    const holder = archive.dataSource.createQueryRunner();
    await holder.startTransaction();
    try {
      await holder.query('select 1 from runs where id = $1 for update', [run.run]);
      const waiting = connected({ ...LEADER_LIMITS, lockTimeout: 50 }, (dataSource) =>
        dataSource.query('update runs set attempt = 1 where id = $1', [run.run]),
      );
      await expect(waiting).rejects.toMatchObject({ driverError: { code: '55P03' } });
    } finally {
      await holder.rollbackTransaction();
      await holder.release();
    }
  });
});

describe('the connections of the gateway', () => {
  it('have limits that allow a command on a very large batch', async () => {
    const timeouts = await timeoutsWith(GATEWAY_LIMITS);
    for (const name of TIMEOUTS) expect([name, timeouts[name]! > 0]).toEqual([name, true]);
    expect(timeouts['statement_timeout']).toBeGreaterThanOrEqual(60_000);
  });
});

describe('the connections of a migration', () => {
  it('have the limits of the server, because a migration may take long', async () => {
    expect(await timeoutsWith(undefined)).toEqual(Object.fromEntries(TIMEOUTS.map((name) => [name, 0])));
  });
});
