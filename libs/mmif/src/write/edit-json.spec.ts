import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MmifError } from '../model/json.js';
import { appendViews, indentJson } from './edit-json.js';

/** JSON as people and programs write it: with white space anywhere, numbers in any spelling. */
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
  it('ignores brackets and quotes inside strings', () => {
    const document = '{"a":"\\"views\\":[ ]}","views":[]}';
    expect(appendViews(document, [{ id: 'v_0' }])).toBe('{"a":"\\"views\\":[ ]}","views":[{"id":"v_0"}]}');
  });

  it('changes no other byte of any document', () => {
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

  it('rejects a document without a list of views', () => {
    expect(() => appendViews('{"metadata":{"views":[]}}', [{ id: 'v_0' }])).toThrow(MmifError);
    expect(() => appendViews('{"views":[', [{ id: 'v_0' }])).toThrow(MmifError);
    expect(() => appendViews('{"views":[],"views":[]}', [{ id: 'v_0' }])).toThrow('two members "views"');
  });
});

describe('indentJson', () => {
  it('writes each member on its own line', () => {
    expect(indentJson('{"a":[1.0,{}],"b":"x, {y}"}')).toBe('{\n  "a": [\n    1.0,\n    {}\n  ],\n  "b": "x, {y}"\n}');
  });

  it('changes only white space outside strings', () => {
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
