import { describe, expect, it } from '@jest/globals';
import type { ExportFormat } from '#libs/contracts';
import type { ExportsRepository } from '#libs/database';
import { Deriver } from './deriver.js';
import { StoredFiles } from './stored-files.js';

const content = Buffer.from('{"metadata":{"mmif":"http://mmif.clams.ai/1.0.5"},"documents":[],"views":[]}');
const document = { sha256: 'a'.repeat(64), bytes: content.length, encoding: 'identity', content };
const repository = { document: () => Promise.resolve(document) } as unknown as ExportsRepository;
const files = new StoredFiles(repository, new Deriver(new URL('file:///unused')));

describe(StoredFiles, () => {
  it('returns MMIF as stored, and every other format as derived or missing', async () => {
    const [mmif, csv, srt] = await files.of(document.sha256, ['mmif', 'csv', 'srt']);
    expect(mmif).toMatchObject({ sha256: document.sha256, bytes: content.length });
    expect(csv).not.toMatchObject({ sha256: document.sha256 });
    expect(srt).toEqual({ missing: expect.any(String) });
  });

  it('never returns MMIF for a format that is declared but not implemented', async () => {
    await expect(files.of(document.sha256, ['docx' as ExportFormat])).rejects.toThrow('not implemented');
  });
});
