import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JudgedObject } from '#libs/database';
import type { BucketObject } from '#libs/messaging';
import { createLogger } from '#libs/runtime';
import { BucketKeeper } from './bucket-keeper.js';

const LIMIT = 1000;
const ARCHIVED: JudgedObject = { isArchived: true, isNeeded: false };
const NEEDED: JudgedObject = { isArchived: true, isNeeded: true };
const OPEN: JudgedObject = { isArchived: false, isNeeded: true };

let bucket: (BucketObject & { readonly judged: JudgedObject })[];
let limit: number;
let listed: number;
let orphansOf: string[][];
let keeper: BucketKeeper;

/** Stores documents of 100 bytes. */
function store(...states: JudgedObject[]): void {
  for (const judged of states) {
    const sequence = bucket.length + 1;
    bucket.push({ key: `1/${sequence}/0/x`, id: `id-${sequence}`, sequence, size: 100, sha256: `${sequence}`, judged });
  }
}

beforeEach(() => {
  [bucket, limit, listed, orphansOf] = [[], LIMIT, 0, []];
  keeper = new BucketKeeper(
    {
      usage: () => Promise.resolve({ bytes: bucket.length * 100, limit }),
      list: (from, most) => {
        listed += 1;
        return Promise.resolve(bucket.filter(({ sequence }) => sequence >= from).slice(0, most));
      },
      hashOf: (key) => Promise.resolve(key.split('/')[1]!),
      remove: ({ key }) => {
        bucket = bucket.filter((object) => object.key !== key);
        return Promise.resolve();
      },
      removeOrphans: (ids) => {
        orphansOf.push([...ids]);
        return Promise.resolve();
      },
    },
    {
      judge: (documents) =>
        Promise.resolve(
          documents.map(({ run, sha256 }) => bucket.find((o) => o.sequence === run && sha256 === `${run}`)!.judged),
        ),
    },
    createLogger('test', 'silent'),
  );
});

const left = () => bucket.map(({ sequence }) => sequence);

describe(BucketKeeper, () => {
  it('leaves a bucket unread that is at most half full', async () => {
    store(...Array.from({ length: 5 }, () => ARCHIVED));
    await keeper.tick();
    expect([left().length, listed]).toEqual([5, 0]);
  });

  it('removes the oldest documents that no stage needs until half of the limit is free', async () => {
    store(ARCHIVED, OPEN, ARCHIVED, NEEDED, ARCHIVED, ARCHIVED, ARCHIVED);
    await keeper.tick();
    expect(left()).toEqual([2, 4, 5, 6, 7]);
  });

  it('never removes a document that is not archived, however full the bucket is', async () => {
    store(...Array.from({ length: 10 }, () => OPEN));
    await keeper.tick();
    expect(left()).toHaveLength(10);
  });

  it('removes the newest needed documents from a bucket that is more than three quarters full', async () => {
    store(NEEDED, NEEDED, OPEN, NEEDED, NEEDED, NEEDED, NEEDED, NEEDED, OPEN);
    await keeper.tick();
    expect(left()).toEqual([1, 2, 3, 4, 5, 6, 9]);
  });

  it('keeps needed documents while the bucket is less full', async () => {
    store(...Array.from({ length: 7 }, () => NEEDED));
    await keeper.tick();
    expect(left()).toHaveLength(7);
  });

  it('hashes documents that were stored without a hash', async () => {
    store(...Array.from({ length: 6 }, () => ARCHIVED));
    bucket = bucket.map((object) => ({ ...object, sha256: null }));
    await keeper.tick();
    expect(left()).toHaveLength(5);
  });

  it('continues a pass over many documents in the next tick, and then removes orphans', async () => {
    limit = 30_000;
    store(...Array.from({ length: 200 }, () => OPEN), ARCHIVED, ARCHIVED);
    await keeper.tick();
    expect([left().length, orphansOf.length]).toEqual([202, 0]);
    await keeper.tick();
    expect(left()).toHaveLength(200);
    expect(orphansOf).toEqual([Array.from({ length: 202 }, (_, nth) => `id-${nth + 1}`)]);
  });

  it('pauses after a pass that removed nothing', async () => {
    store(...Array.from({ length: 6 }, () => OPEN));
    await keeper.tick();
    await keeper.tick();
    expect(listed).toBe(1);
  });

  it('does nothing without a limit', async () => {
    limit = -1;
    store(...Array.from({ length: 6 }, () => ARCHIVED));
    await keeper.tick();
    expect(left()).toHaveLength(6);
  });
});
