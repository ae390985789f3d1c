import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readMmif } from '../model/read-mmif.js';
import { buildSourceMmif } from './source-mmif.js';

const OLD = 'http://mmif.clams.ai/vocabulary';
const NEW = 'http://clams.ai/vocabulary/type';

describe('buildSourceMmif', () => {
  it('describes a file of each kind with the old vocabulary', () => {
    for (const [kind, type] of [
      ['video', 'VideoDocument'],
      ['audio', 'AudioDocument'],
      ['text', 'TextDocument'],
      ['image', 'ImageDocument'],
    ] as const) {
      const mmif = readMmif(buildSourceMmif({ kind, path: '/media/a b.mp4' }));
      const properties = { mime: kind, id: 'd1', location: 'file:///media/a b.mp4' };
      expect(mmif).toEqual({
        metadata: { mmif: 'http://mmif.clams.ai/1.0.5' },
        documents: [{ '@type': `${OLD}/${type}/v1`, properties }],
        views: [],
      });
    }
  });

  it('writes the new vocabulary with the format version that introduced it', () => {
    const mmif = readMmif(buildSourceMmif({ kind: 'video', path: '/a.mp4' }, { vocabulary: 'new' }));
    expect(mmif.metadata.mmif).toBe('http://mmif.clams.ai/1.2.0');
    expect(mmif.documents[0]?.['@type']).toBe(`${NEW}/VideoDocument/v2`);
  });

  it('numbers several files in their order', () => {
    const files = [
      { kind: 'video', path: '/a.mp4' },
      { kind: 'text', path: '/a.txt' },
    ] as const;
    const documents = readMmif(buildSourceMmif(files)).documents.map(({ properties }) => properties);
    expect(documents).toMatchObject([
      { id: 'd1', location: 'file:///a.mp4' },
      { id: 'd2', location: 'file:///a.txt' },
    ]);
  });

  it('encodes only characters that would end or change the path', () => {
    const location = (path: string) =>
      readMmif(buildSourceMmif({ kind: 'video', path })).documents[0]?.properties['location'];
    expect(location('/é/50% #1?.mp4')).toBe('file:///é/50%25 %231%3F.mp4');
    expect(location('C:\\media\\a.mp4')).toBe('file:///C:/media/a.mp4');
  });

  it('returns the same bytes for the same files', () => {
    fc.assert(
      fc.property(fc.constantFrom('video', 'audio', 'text', 'image'), fc.string(), (kind, name) => {
        const build = () => buildSourceMmif({ kind, path: `/${name}` });
        expect(build()).toEqual(build());
      }),
      { numRuns: 50 },
    );
  });

  it('rejects a relative path and an empty list of files', () => {
    expect(() => buildSourceMmif({ kind: 'video', path: 'a.mp4' })).toThrow('"a.mp4" is not an absolute path');
    expect(() => buildSourceMmif([])).toThrow('at least one media file');
  });
});
