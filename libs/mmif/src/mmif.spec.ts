import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  appendViews,
  buildSourceMmif,
  compareTypes,
  indentJson,
  MmifError,
  readMmif,
  shortType,
  vocabularyOf,
} from './index.js';

const OLD = 'http://mmif.clams.ai/vocabulary';
const NEW = 'http://clams.ai/vocabulary/type';
const LAPPS = 'http://vocab.lappsgrid.org';

describe('shortType', () => {
  it.each([
    [`${OLD}/TimeFrame/v6`, 'TimeFrame'],
    [`${NEW}/TimeFrame/v6`, 'TimeFrame'],
    ['http://mmif.clams.ai/0.4.0/vocabulary/TimeFrame', 'TimeFrame'],
    ['http://mmif.clams.ai/0.4.2/vocabulary/TimeFrame/', 'TimeFrame'],
    [`${LAPPS}/Token`, 'Token'],
    ['TimeFrame', 'TimeFrame'],
  ])('shortens %s to %s', (uri, name) => expect(shortType(uri)).toBe(name));
});

describe('compareTypes', () => {
  it.each([
    [`${OLD}/TimeFrame/v6`, `${OLD}/TimeFrame/v6`, 'same'],
    [`${OLD}/TimeFrame/v6`, `${OLD}/TimeFrame/v6/`, 'same'],
    [`${OLD}/TimeFrame/v1`, `${OLD}/TimeFrame/v6`, 'other-version'],
    ['http://mmif.clams.ai/0.4.0/vocabulary/TimeFrame', `${OLD}/TimeFrame/v1`, 'other-version'],
    [`${OLD}/VideoDocument/v1`, `${NEW}/VideoDocument/v2`, 'other-vocabulary'],
    [`${LAPPS}/Token`, `${OLD}/Token/v1`, 'other-vocabulary'],
    [`${OLD}/TimeFrame/v1`, 'https://mmif.clams.ai/vocabulary/TimeFrame/v1', 'other-vocabulary'],
    ['http://a.org/Shot', 'http://b.org/Shot', 'other-vocabulary'],
    ['http://a.org/Shot/v1', 'http://a.org/Shot/v2', 'other-version'],
    [`${OLD}/TimeFrame/v6`, `${OLD}/TimePoint/v6`, 'other'],
  ])('relates %s and %s as %s', (left, right, relation) => {
    expect(compareTypes(left, right)).toBe(relation);
    expect(compareTypes(right, left)).toBe(relation);
  });
});

describe('vocabularyOf', () => {
  it.each([
    [`${OLD}/TimeFrame/v6`, 'old'],
    ['http://mmif.clams.ai/0.4.0/vocabulary/TimeFrame', 'old'],
    [`${NEW}/TimeFrame/v6`, 'new'],
    [`${LAPPS}/Token`, 'lapps'],
    ['https://mmif.clams.ai/vocabulary/TimeFrame/v6', 'other'],
    ['TimeFrame', 'other'],
  ])('tells whose type %s is', (uri, vocabulary) => expect(vocabularyOf(uri)).toBe(vocabulary));
});

describe('buildSourceMmif', () => {
  it('names one file of each kind under the old vocabulary', () => {
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

  it('writes the new vocabulary with the version of the format that has it', () => {
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

  it('encodes only what would end or change the path', () => {
    const location = (path: string) =>
      readMmif(buildSourceMmif({ kind: 'video', path })).documents[0]?.properties['location'];
    expect(location('/é/50% #1?.mp4')).toBe('file:///é/50%25 %231%3F.mp4');
    expect(location('C:\\media\\a.mp4')).toBe('file:///C:/media/a.mp4');
  });

  it('gives the same bytes for the same files', () => {
    fc.assert(
      fc.property(fc.constantFrom('video', 'audio', 'text', 'image'), fc.string(), (kind, name) => {
        const build = () => buildSourceMmif({ kind, path: `/${name}` });
        expect(build()).toEqual(build());
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a path that is not absolute, and no file at all', () => {
    expect(() => buildSourceMmif({ kind: 'video', path: 'a.mp4' })).toThrow('"a.mp4" is no absolute path');
    expect(() => buildSourceMmif([])).toThrow('at least one media file');
  });
});

describe('readMmif', () => {
  it.each([
    ['{', 'no JSON'],
    ['[]', 'no JSON object'],
    ['{"metadata":{}}', 'metadata.mmif'],
    ['{"metadata":{"mmif":"x"},"documents":{},"views":[]}', 'documents is not a list'],
    ['{"metadata":{"mmif":"x"},"documents":[],"views":[{"id":"v_0"}]}', 'views[0] has no metadata'],
    ['{"metadata":{"mmif":"x"},"documents":[{"@type":"t","properties":{}}],"views":[]}', 'documents[0] has no id'],
  ])('refuses %s with a sentence', (document, sentence) => {
    expect(() => readMmif(document)).toThrow(MmifError);
    expect(() => readMmif(document)).toThrow(sentence);
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(() => readMmif(new Uint8Array([0x22, 0xff, 0x22]))).toThrow('no JSON');
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

/** JSON as people and programs write it: with blanks anywhere, numbers in any spelling. */
const spelling = fc.constantFrom('7000', '7000.0', '1e3', '-0.0', '9223372036854775807', '1E-7');
const blank = fc.constantFrom('', ' ', '\n  ', '\t');
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    spelling,
    fc.string().map((value) => JSON.stringify(value)),
    fc.constantFrom('true', 'null', '[]', '{}'),
    fc
      .tuple(fc.array(tie('json'), { maxLength: 4 }), blank)
      .map(([items, space]) => `[${space}${items.join(`${space},`)}${space}]`),
    fc
      .tuple(fc.array(fc.tuple(fc.string(), tie('json')), { maxLength: 4 }), blank)
      .map(
        ([members, space]) =>
          `{${space}${members.map(([name, value]) => `${JSON.stringify(name)}${space}:${value}`).join(`${space},`)}${space}}`,
      ),
  ),
}));

describe('appendViews', () => {
  it('is not misled by brackets and quotes in texts', () => {
    const document = '{"a":"\\"views\\":[ ]}","views":[]}';
    expect(appendViews(document, [{ id: 'v_0' }])).toBe('{"a":"\\"views\\":[ ]}","views":[{"id":"v_0"}]}');
  });

  it('leaves every other byte of any document as it is', () => {
    const document = fc.tuple(json, fc.array(json, { maxLength: 3 }), blank, json);
    fc.assert(
      fc.property(
        document,
        fc.array(fc.jsonValue(), { minLength: 1, maxLength: 3 }),
        ([before, views, space, after], added) => {
          const head = `{${space}"documents":${before},"views":[${views.join(',')}${space}`;
          const tail = `],"metadata":${after}${space}}`;
          const objects = added.map((value) => ({ value }));
          const appended = appendViews(head + tail, objects);
          expect(appended.startsWith(head)).toBe(true);
          expect(appended.endsWith(tail)).toBe(true);
          const middle = appended.slice(head.length, -tail.length);
          expect(middle).toBe(
            `${views.length > 0 ? ',' : ''}${objects.map((object) => JSON.stringify(object)).join(',')}`,
          );
          expect(appendViews(head + tail, [])).toBe(head + tail);
        },
      ),
    );
  });

  it('refuses a document without views instead of damaging it', () => {
    expect(() => appendViews('{"metadata":{"views":[]}}', [{ id: 'v_0' }])).toThrow(MmifError);
    expect(() => appendViews('{"views":[', [{ id: 'v_0' }])).toThrow(MmifError);
    expect(() => appendViews('{"views":[],"views":[]}', [{ id: 'v_0' }])).toThrow('two members "views"');
  });
});

describe('indentJson', () => {
  it('writes a line for each member', () => {
    expect(indentJson('{"a":[1.0,{}],"b":"x, {y}"}')).toBe('{\n  "a": [\n    1.0,\n    {}\n  ],\n  "b": "x, {y}"\n}');
  });

  it('changes nothing but white space outside of texts', () => {
    const outside = (document: string) =>
      document.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, quoted?: string) => quoted ?? '');
    fc.assert(
      fc.property(json, (document) => {
        const indented = indentJson(document);
        expect(outside(indented)).toBe(outside(document));
        expect(indentJson(indented)).toBe(indented);
      }),
    );
  });
});
