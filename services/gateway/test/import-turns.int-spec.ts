import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { waitFor } from '#libs/testing';
import { TestGateway } from './test-gateway.js';

/** Imports at once, of which one is done; the pool of the gateway has fewer connections. */
const ROOM = 10;
/** Held by whoever imports. */
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

/** Keeps imports from going on while `work` lasts, as one of another gateway does. */
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

describe('more imports at once than there are connections', () => {
  it('leave room for others, are all done, and are sent away only where the line is full', async () => {
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

  it('are taken again once the others are done', async () => {
    expect(await importing(ROOM + 3)).toMatchObject({ status: 201 });
  });
});
