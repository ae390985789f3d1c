import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'nats';
import pg from 'pg';
import { createTestDatabase, startTestNats, type TestDatabase, type TestNats } from './index.js';

async function rows(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows as unknown[];
  } finally {
    await client.end();
  }
}

describe(createTestDatabase, () => {
  let mine: TestDatabase;
  let other: TestDatabase;
  beforeAll(async () => {
    [mine, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  });
  afterAll(() => Promise.all([mine.drop(), other.drop()]));

  it('returns a separate database for each suite', async () => {
    await rows(mine.url, 'create table only_mine (id int)');
    const tables = await rows(other.url, "select 1 from pg_tables where tablename = 'only_mine'");
    expect(tables).toEqual([]);
  });
});

describe(startTestNats, () => {
  let server: TestNats;
  beforeAll(async () => {
    server = await startTestNats();
  });
  afterAll(() => server.stop());

  it('keeps stored messages across a kill and a restart on the same URL', async () => {
    const before = await connect({ servers: server.url, reconnect: false });
    await (await before.jetstreamManager()).streams.add({ name: 'KEPT', subjects: ['kept'] });
    await before.jetstream().publish('kept', 'still here');
    await server.restart();
    const after = await connect({ servers: server.url });
    const { state } = await (await after.jetstreamManager()).streams.info('KEPT');
    expect(state.messages).toBe(1);
    await after.close();
  });
});
