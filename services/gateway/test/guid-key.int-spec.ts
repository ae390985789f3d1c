import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ImportsRepository } from '#libs/database';
import { guidKey } from '../src/media-files/guid.js';
import { TestGateway } from './test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start();
});
afterAll(() => gateway.close());

describe('the GUID key', () => {
  it('is the same in the gateway and in the database for every valid GUID', async () => {
    const characters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'];
    const generated = fc.sample(
      fc.array(fc.constantFrom(...characters), { minLength: 1, maxLength: 128 }).map((guid) => guid.join('')),
      500,
    );
    const guids = [...new Set([...generated, ...characters, 'CPB-AACIP_507-Zw18K75z4h'])];
    await gateway.query(
      `insert into media_files (guid, title, path, kind) select guid, '', '/media/' || guid, 'video' from unnest($1::text[]) guid`,
      [guids],
    );
    const repository = gateway.app.get(ImportsRepository, { strict: false });
    const registered = await repository.registered([...new Set(guids.map(guidKey))]);
    expect(new Set(registered.map(({ guid }) => guid))).toEqual(new Set(guids));
    for (const { guid, key } of registered) expect(key).toBe(guidKey(guid));
  });
});
