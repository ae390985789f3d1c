import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { waitFor } from '#libs/testing';
import { TestGateway } from './test-gateway.js';

/** Concurrent imports, one of which runs; more than the connections in the pool of the gateway. */
const ROOM = 10;
/** Advisory lock of the running import. */
const IMPORT_LOCK = 712_002;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start();
});
afterAll(() => gateway.close());

const importing = (n: number) =>
  gateway.client.send('POST', '/api/media-files/imports', {
    body: `GUID\ncpb-aacip-507-turn${n}\n`,
    headers: { 'content-type': 'text/csv', 'idempotency-key': `turn-${n}` },
  });

/** Blocks imports while `work` runs, as an import on another gateway does. */
async function whileAnotherImports(work: () => Promise<void>): Promise<void> {
  const runner = gateway.app.get(DataSource, { strict: false }).createQueryRunner();
  await runner.query('select pg_advisory_lock($1)', [IMPORT_LOCK]);
  try {
    await work();
  } finally {
    await runner.query('select pg_advisory_unlock($1)', [IMPORT_LOCK]);
    await runner.release();
  }
}

const waiting = async (): Promise<number> => {
  const [{ count }] = await gateway.query<{ count: number }>(
    `select count(*)::int from pg_locks l join pg_database d on d.oid = l.database
     where d.datname = current_database() and l.locktype = 'advisory' and l.objid = $1 and not l.granted`,
    [IMPORT_LOCK],
  );
  return count;
};

describe('more concurrent imports than database connections', () => {
  it('leave connections free, all finish, and are rejected only when the queue is full', async () => {
    let sent: Promise<Awaited<ReturnType<typeof importing>>>[] = [];
    await whileAnotherImports(async () => {
      sent = Array.from({ length: ROOM + 2 }, (_, n) => importing(n));
      await waitFor(async () => (await waiting()) === 1);
      expect(await gateway.client.get('/api/media-files')).toMatchObject({ status: 200 });
      const refused = await Promise.race(sent);
      expect(refused).toMatchObject({
        status: 503,
        headers: { 'retry-after': '10' },
        body: { type: '/problems/too-many-at-once', detail: expect.stringContaining('in 10 s') },
      });
      expect(await waiting()).toBe(1);
    });
    const statuses = (await Promise.all(sent)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(ROOM);
    expect(statuses.filter((status) => status === 503)).toHaveLength(2);
  });

  it('are accepted again after the queue has emptied', async () => {
    expect(await importing(ROOM + 3)).toMatchObject({ status: 201 });
  });
});
