import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MediaFileStatus } from '#libs/contracts';
import { BatchesRepository, DeletionRepository, ImportsRepository, MediaFilesRepository } from '../src/index.js';
import { TestArchive } from './test-archive.js';

const NOTHING = { lines: 0, found: 0, added: 0, present: 0, unknown: 0, doubtful: 0, duplicate: 0 };

let archive: TestArchive;
let files: MediaFilesRepository;
beforeAll(async () => {
  archive = await TestArchive.open();
  files = new MediaFilesRepository(archive.dataSource);
});
afterAll(() => archive.close());

/** Ordered by name, because they are registered concurrently. */
const guids = async (status: MediaFileStatus) =>
  (await files.list({ after: null, limit: 100 }, { status })).map(({ guid }) => guid).sort();
const start = (batch: number) => new BatchesRepository(archive.dataSource).start(batch);
const remove = (batch: number) => new DeletionRepository(archive.dataSource).delete(batch, 'Ann');
const finish = (batch: number) =>
  archive.dataSource.query(`update batches set state = 'finished', finished_at = now() where id = $1`, [batch]);

describe('media files that never ran', () => {
  it('include the files that are in no started batch', async () => {
    const [first, second, third] = ['cpb-aacip-0', 'cpb-aacip-1', 'cpb-aacip-2'];
    await archive.mediaFiles(3);
    expect(await guids('never')).toEqual([first, second, third]);

    const small = await archive.draft({ files: 1 });
    const large = await archive.draft({ files: 2 });
    expect(await guids('never')).toEqual([first, second, third]);
    expect(await guids('waiting')).toEqual([]);

    await start(large.id);
    expect(await guids('never')).toEqual([third]);
    await start(small.id);
    expect(await guids('waiting')).toEqual([first, second]);

    await finish(large.id);
    await remove(large.id);
    expect(await guids('never')).toEqual([second, third]);
    await finish(small.id);
    await remove(small.id);
    expect(await guids('never')).toEqual([first, second, third]);
    expect(await guids('waiting')).toEqual([]);
  });

  it('include files that an import adds, but not files that it finds', async () => {
    const before = await guids('never');
    await new ImportsRepository(archive.dataSource).import('csv', 'Ann', async (writer) => {
      const added = ['cpb-aacip-0', 'imported'].map((guid) => ({
        guid,
        title: '',
        path: `/media/${guid}.mp4`,
        kind: 'video' as const,
        metadata: {},
      }));
      await writer.add(added);
      return NOTHING;
    });
    expect(await guids('never')).toEqual([...before, 'imported']);
  });

  it('exclude a file with an outdated entry that is in a started batch', async () => {
    const { id } = await archive.draft({ files: 1 });
    await start(id);
    await archive.dataSource.query('insert into untouched_files select media_file_id from runs where batch_id = $1', [
      id,
    ]);
    expect(await guids('never')).not.toContain('cpb-aacip-0');
    expect(await guids('waiting')).toContain('cpb-aacip-0');
  });
});

describe('the list of media files by state', () => {
  it('contains each file once, by its newest run', async () => {
    const older = await archive.draft({ files: 1 });
    await start(older.id);
    await archive.dataSource.query(`update runs set state = 'done' where batch_id = $1`, [older.id]);
    expect(await guids('done')).toEqual(['cpb-aacip-0']);
    const newer = await archive.draft({ files: 1 });
    await start(newer.id);
    expect(await guids('done')).toEqual([]);
    await archive.dataSource.query(`update runs set state = 'done' where batch_id = $1`, [newer.id]);
    expect(await guids('done')).toEqual(['cpb-aacip-0']);
  });
});
