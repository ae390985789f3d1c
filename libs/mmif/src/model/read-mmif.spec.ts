import { describe, expect, it } from '@jest/globals';
import { MmifError } from './json.js';
import { readMmif } from './read-mmif.js';
import { shortType } from './type-uri.js';

describe('readMmif', () => {
  it.each([
    ['{', 'not valid JSON'],
    ['[]', 'not a JSON object'],
    ['{"metadata":{}}', 'metadata.mmif'],
    ['{"metadata":{"mmif":"x"},"documents":{},"views":[]}', 'documents is not a list'],
    ['{"metadata":{"mmif":"x"},"documents":[],"views":[{"id":"v_0"}]}', 'views[0] has no metadata'],
    ['{"metadata":{"mmif":"x"},"documents":[{"@type":"t","properties":{}}],"views":[]}', 'documents[0] has no id'],
  ])('rejects %s and names the fault', (document, sentence) => {
    expect(() => readMmif(document)).toThrow(MmifError);
    expect(() => readMmif(document)).toThrow(sentence);
  });

  it('rejects bytes that are not valid UTF-8', () => {
    expect(() => readMmif(new Uint8Array([0x22, 0xff, 0x22]))).toThrow('not valid JSON');
  });

  it('reads documents of MMIF 0.4', () => {
    const mmif = readMmif(
      JSON.stringify({
        metadata: { mmif: 'http://mmif.clams.ai/0.4.0' },
        documents: [
          {
            '@type': 'http://mmif.clams.ai/0.4.0/vocabulary/VideoDocument',
            properties: { id: 'd1', location: '/a.mp4' },
          },
        ],
        views: [{ id: 'v_0', metadata: { app: 'http://mmif.clams.ai/apps/slates/0.1' }, annotations: [] }],
      }),
    );
    expect(mmif.documents.map((document) => shortType(document['@type']))).toEqual(['VideoDocument']);
    expect(mmif.views[0]?.metadata.app).toBe('http://mmif.clams.ai/apps/slates/0.1');
  });
});
