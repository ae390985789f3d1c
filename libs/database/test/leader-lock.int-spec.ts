import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import pg from 'pg';
import { createTestDatabase, type TestDatabase, waitFor } from '#libs/testing';
import { becomeLeader, type Leadership } from '../src/index.js';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const notLost = (error: Error) => {
  throw error;
};
/** Connections to this database that hold the lock. */
const holders = async (): Promise<number[]> => {
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_locks join pg_database d on d.oid = database
     where locktype = 'advisory' and d.datname = current_database()`,
  );
  return rows.map(({ pid }) => pid);
};

/** A connection to the database that can be cut like a network: no more data arrives. */
async function openLine() {
  const { hostname, port } = new URL(database.url);
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.on('data', (data) => isCut || far.write(data));
    far.on('data', (data) => isCut || near.write(data));
    near.on('close', () => far.destroy()).on('error', () => far.destroy());
    far.on('close', () => near.destroy()).on('error', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(database.url);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: url.href, cut: () => (isCut = true), close: () => server.close() };
}

describe(becomeLeader, () => {
  it('makes one process the leader, and the next one when it resigns', async () => {
    const first = await becomeLeader(database.url, notLost);
    let leads = false;
    const second = becomeLeader(database.url, notLost).then((leader) => {
      leads = true;
      return leader;
    });
    await waitFor(async () => {
      const { rows } = await client.query(
        `select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
         and query like '%try_advisory_lock%'`,
      );
      return rows.length === 1;
    });
    expect(leads).toBe(false);
    await first.resign();
    const next = await second;
    expect(next.epoch).toBe(first.epoch + 1);
    await next.resign();
    expect(leads).toBe(true);
    await waitFor(async () => (await holders()).length === 0);
  });

  it('reports a broken connection, because another process may be the leader', async () => {
    const losses: Error[] = [];
    const leader = await becomeLeader(database.url, (error) => losses.push(error));
    const [pid] = await holders();
    await client.query('select pg_terminate_backend($1)', [pid]);
    await waitFor(() => losses.length > 0);
    const next = await becomeLeader(database.url, notLost);
    await leader.resign();
    await next.resign();
    expect(losses).toHaveLength(1);
  });

  it('makes another process the leader when the network of the leader is cut', async () => {
    const line = await openLine();
    const losses: Error[] = [];
    const leader = await becomeLeader(line.url, (error) => losses.push(error));
    let next: Leadership | undefined;
    const following = becomeLeader(database.url, notLost).then((leads) => (next = leads));
    line.cut();
    await waitFor(() => next);
    expect(next?.epoch).toBe(leader.epoch + 1);
    expect(losses).toHaveLength(1);
    await (await following).resign();
    line.close();
  });
});
