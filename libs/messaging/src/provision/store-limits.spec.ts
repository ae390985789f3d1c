import { describe, expect, it } from '@jest/globals';
import { ProvisionError, StorageRefused } from '../errors.js';
import { type ExistingStream, type LimitedStore, limitsAt, StoreLimits } from './store-limits.js';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const NOTHING = new Map<string, ExistingStream>();

/** A server that compares the sum of all limits with its own after each of them. */
class FakeServer implements LimitedStore {
  readonly limits = new Map<string, number>();
  readonly stored = new Map<string, number>();
  attempts = 0;
  constructor(
    readonly storage: number,
    private readonly known: number | null = null,
  ) {}
  get sum(): number {
    return [...this.limits.values()].reduce((sum, bytes) => sum + bytes, 0);
  }
  capacity = () => Promise.resolve(this.known);
  existing = () =>
    Promise.resolve(
      new Map([...this.limits].map(([name, limit]) => [name, { limit, stored: this.stored.get(name) ?? 0 }])),
    );
  apply(limits: ReadonlyMap<string, number>): Promise<void> {
    this.attempts += 1;
    for (const [name, bytes] of limits) {
      if (this.sum - (this.limits.get(name) ?? 0) + bytes > this.storage)
        return Promise.reject(new StorageRefused(name));
      this.limits.set(name, bytes);
    }
    return Promise.resolve();
  }
}

describe(StoreLimits, () => {
  it('uses the full limits on a server that has room for them', async () => {
    const server = new FakeServer(64 * GIB);
    const limits = new StoreLimits();
    await limits.fit(server);
    expect(Object.fromEntries(server.limits)).toMatchObject({ STAGES: 10 * GIB, OBJ_documents: 40 * GIB });
    expect([server.attempts, limits.notice]).toEqual([1, null]);
  });

  it('reduces all limits until the server accepts them, reports it, and remembers them', async () => {
    const server = new FakeServer(20 * GIB);
    const limits = new StoreLimits();
    await limits.fit(server);
    expect(server.sum).toBeLessThanOrEqual(20 * GIB);
    expect(server.sum).toBeGreaterThan(14 * GIB);
    expect(limits.notice).toMatch(/no room for the usual limits .* reduced to: .*OBJ_documents \d+ MiB/);
    const { attempts } = server;
    await limits.fit(server);
    expect(server.attempts).toBe(attempts + 1);
  });

  it.each([
    ['the storage of the account', new FakeServer(10 * GIB, 10 * GIB), new StoreLimits()],
    ['the free disk space', new FakeServer(64 * GIB), new StoreLimits(10 * GIB)],
  ])('stays below %s without an attempt that fails', async (_, server, limits) => {
    await limits.fit(server);
    expect(server.attempts).toBe(1);
    expect(server.sum).toBeLessThanOrEqual(10 * GIB);
  });

  it('upgrades a server without a limit for documents whose other streams leave too little room', async () => {
    const server = new FakeServer(20 * GIB);
    for (const [name, limit] of [...limitsAt(1, NOTHING)!].slice(0, -1)) server.limits.set(name, limit);
    await new StoreLimits().fit(server);
    expect(server.limits.get('OBJ_documents')).toBeGreaterThan(8 * GIB);
  });

  it('never sets a limit below twice what a stream stores', () => {
    const existing = new Map([['EVENTS', { limit: 5 * GIB, stored: GIB }]]);
    expect(limitsAt(0.1, existing)!.get('EVENTS')).toBe(2 * GIB);
    expect(limitsAt(0.1, NOTHING)!.get('EVENTS')).toBeLessThan(GIB);
  });

  it('rejects a server that is too small', async () => {
    const fitting = new StoreLimits().fit(new FakeServer(2 * MIB));
    await expect(fitting).rejects.toThrow(ProvisionError);
    await expect(fitting).rejects.toThrow(/too little storage for the streams of Chowda. Raise its limit for files/);
  });

  it('keeps the streams of a server that refuses every change, and reports it', async () => {
    const server = new FakeServer(MIB);
    for (const [name, limit] of limitsAt(1, NOTHING)!) server.limits.set(name, limit);
    const limits = new StoreLimits();
    await limits.fit(server);
    expect(limits.notice).toMatch(/refuses new limits .*max_file_store/);
    expect(server.sum).toBeGreaterThan(57 * GIB);
  });

  it('passes other errors on', async () => {
    const server = new FakeServer(GIB);
    server.apply = () => Promise.reject(new Error('no leader'));
    await expect(new StoreLimits().fit(server)).rejects.toThrow('no leader');
  });
});
