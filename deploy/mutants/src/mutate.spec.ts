import { describe, expect, it } from '@jest/globals';
import { applied, mutantsOf } from './mutate.js';

const changesOf = (source: string) => mutantsOf('a.ts', source).map((mutant) => applied(source, mutant));

describe(mutantsOf, () => {
  it.each([
    ['a < b', ['a <= b']],
    ['a >= b', ['a > b']],
    ['a === b', ['a !== b']],
    ['a && b', ['(a)', '(b)']],
    ['a ?? b', ['(a)', '(b)']],
    ['a + b', ['a - b']],
    ["a + 'b'", []],
    ['a ? b : c', ['true ? b : c', 'false ? b : c']],
    ['!a', ['a']],
    ['7', ['(7 + 1)']],
    ['true', ['false']],
    ['list.filter(f)', ['list']],
    ['list.some(f)', ['list.every(f)']],
    ['Math.max(a, b)', ['Math.min(a, b)']],
    ['new Set(list)', ['list']],
    ['/^a$/i', ['/a$/i', '/^a/i']],
    ['({ ...a, b: c })', ['({ ...a,  })']],
    ['({ b: c })', []],
    ["'text'", []],
  ])('changes %s', (expression, changed) => {
    const source = (text: string) => `const x = ${text};`;
    expect(changesOf(source(expression))).toEqual(changed.map(source));
  });

  it('drops conditions and statements', () => {
    expect(changesOf('if (a) f();')).toEqual(['if (false) f();', 'if (a) ;']);
  });

  it('leaves types, imports, decorators, and settings in capitals alone', () => {
    const source = ["import { a } from 'b';", 'type T = { a: 7 };', '@D(7) class C {}', 'const MAX_MS = 5 * SECOND;'];
    expect(changesOf(source.join('\n'))).toEqual([]);
  });

  it('returns the position of a mutant', () => {
    expect(mutantsOf('a.ts', 'f;\nx = a < b;')[1]).toMatchObject({ line: 2, original: 'x = a < b;' });
  });
});
