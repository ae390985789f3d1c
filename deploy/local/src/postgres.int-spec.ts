import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { isAlive } from './orphan.js';
import { type RunningPostgres, startPostgres } from './postgres.js';

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows as unknown[];
  } finally {
    await client.end();
  }
}

describe(startPostgres, () => {
  let dataFolder: string;
  let server: RunningPostgres | undefined;
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'chowda-postgres-spec-'));
    server = await startPostgres({ dataFolder });
  });
  afterAll(async () => {
    await server?.stop();
    await rm(dataFolder, { recursive: true, force: true });
  });

  it('keeps committed rows after a kill -9', async () => {
    await query(server!.url, 'create table kept as select 42 as answer');
    server!.kill();
    await server!.exited;
    server = await startPostgres({ dataFolder });
    expect(await query(server.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('stops a server that an earlier start left on the folder, and reports it', async () => {
    const left = server!;
    const notices: string[] = [];
    server = await startPostgres({ dataFolder, onNotice: (sentence) => notices.push(sentence) });
    expect(isAlive(left.pid)).toBe(false);
    expect(notices).toEqual(['Stopped the Postgres server that an earlier start left running.']);
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('rejects a client with a wrong password', async () => {
    const stranger = new URL(server!.url);
    stranger.password = 'guess';
    await expect(query(stranger.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  it('does not start on a port that is in use', async () => {
    const other = await mkdtemp(join(tmpdir(), 'chowda-postgres-spec-'));
    const start = startPostgres({ dataFolder: other, port: server!.port });
    await expect(start).rejects.toThrow(/^Port \d+ is in use/);
    await rm(other, { recursive: true, force: true });
  });
});
