import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ParameterType } from '../metadata/app-metadata.js';
import { encodeCall } from '../parameters/encode-call.js';
import type { ParameterValue } from '../parameters/parameter-value.js';
import { castParameters } from './cast-parameters.js';
import { type DeclaredParameter, declaredParameters } from './declared-parameters.js';
import { openCall } from './open-call.js';
import { toyDocument } from './toy-app.fixture.js';
import { ValueError } from './errors.js';

const declare = (type: ParameterType, multivalued = false): DeclaredParameter => ({
  name: 'x',
  description: '',
  type,
  multivalued: multivalued || type === 'map',
});
const cast = (type: ParameterType, texts: readonly string[], multivalued = false) =>
  castParameters([declare(type, multivalued)], new Map([['x', texts]]))['x'];

describe('a text for a parameter', () => {
  it.each([
    ['integer', '7', 7],
    ['integer', ' +1_000 ', 1000],
    ['integer', '-0', 0],
    ['integer', '9007199254740991', Number.MAX_SAFE_INTEGER],
    ['number', '0.5', 0.5],
    ['number', '.5e-3', 0.0005],
    ['number', '5.', 5],
    ['number', '-1_0.5', -10.5],
    ['boolean', 'False', false],
    ['boolean', 'false', false],
    ['boolean', 'F', false],
    ['boolean', 'f', false],
    ['boolean', '0', false],
    ['boolean', '', true],
    ['boolean', 'FALSE', true],
    ['boolean', 'no', true],
    ['string', '', ''],
    ['string', '1', '1'],
  ] as const)('of type %s reads %j as %j', (type, text, value) => expect(cast(type, [text])).toBe(value));

  it.each([
    ['integer', ''],
    ['integer', '1.0'],
    ['integer', '1e3'],
    ['integer', '0x10'],
    ['integer', '1__0'],
    ['integer', '_1'],
    ['integer', '9007199254740992'],
    ['number', ''],
    ['number', '.'],
    ['number', '0x10'],
    ['number', 'nan'],
    ['number', 'inf'],
    ['number', '1e400'],
    ['number', '1 2'],
    ['map', 'no pair'],
  ] as const)('of type %s must not be %j', (type, text) => {
    expect(() => cast(type, [text])).toThrow(ValueError);
    expect(() => cast(type, [text])).toThrow('Parameter "x" takes');
  });
});

describe('a parameter with choices', () => {
  const choose = (type: ParameterType, choices: readonly ParameterValue[], texts: readonly string[]) =>
    castParameters([{ ...declare(type, texts.length > 1), choices } as DeclaredParameter], new Map([['x', texts]]))[
      'x'
    ];

  it('accepts its choices, each of several values', () => {
    expect(choose('string', ['small', 'large'], ['large'])).toBe('large');
    expect(choose('integer', [1, 2], ['2'])).toBe(2);
    expect(choose('integer', [1, 2], ['2', '1'])).toEqual([2, 1]);
  });

  it('rejects another value, also among valid ones, and lists the choices', () => {
    expect(() => choose('string', ['small', 'large'], ['huge'])).toThrow("must be one of ['small', 'large'].");
    expect(() => choose('integer', [1, 2], ['1', '3'])).toThrow('must be one of [1, 2].');
  });
});

describe('an integer that JavaScript cannot represent', () => {
  it('is rejected with the range, without the spaces around it', () => {
    expect(() => cast('integer', [' 9007199254740992 '])).toThrow('2^53-1, not 9007199254740992.');
    expect(() => cast('integer', ['many'])).toThrow('takes an integer, not "many"');
  });
});

describe('several texts for a parameter', () => {
  it('are all used for a multivalued parameter', () => {
    expect(cast('integer', ['1', '2', '1'], true)).toEqual([1, 2, 1]);
    expect(cast('string', [], true)).toEqual([]);
  });

  it('are reduced to the first for a single value, and the others may be invalid', () => {
    expect(cast('integer', ['1', 'two'])).toBe(1);
  });

  it('are the pairs of a map: the first colon separates, the last value of a key wins', () => {
    const map = cast('map', ['a:1', 'b:x:y', 'a:2', ':', '__proto__:z']);
    expect(Object.entries(map!)).toEqual([
      ['a', '2'],
      ['b', 'x:y'],
      ['', ''],
      ['__proto__', 'z'],
    ]);
  });
});

describe('a parameter without a text', () => {
  const parameter = { name: 'x', description: '', type: 'integer' } as const;

  it('has its default, converted to its type', () => {
    const [one] = declaredParameters([{ ...parameter, default: '5' }]);
    const [map] = declaredParameters([{ ...parameter, type: 'map', default: 'B:bars' }]);
    expect(castParameters([one!], new Map())).toEqual({ x: 5 });
    expect(castParameters([map!], new Map([['x', []]]))).toEqual({ x: {} });
    expect(castParameters([map!], new Map())).toEqual({ x: { B: 'bars' } });
  });

  it('is an error when it has no default', () => {
    expect(() => castParameters(declaredParameters([parameter]), new Map([['x', []]]))).toThrow(
      'Cannot find configuration for a required parameter "x".',
    );
  });
});

/** Values as a user sets them, for each kind of parameter. */
const integer = fc.maxSafeInteger();
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value || 0);
const text = fc.string({ unit: 'binary' });
const key = text.filter((value) => !value.includes(':'));
const several = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { minLength: 1, maxLength: 4 });
const KINDS: readonly [ParameterType, boolean, fc.Arbitrary<ParameterValue>][] = [
  ['integer', false, integer],
  ['integer', true, several(integer)],
  ['number', false, number],
  ['number', true, several(number)],
  ['boolean', false, fc.boolean()],
  ['string', false, text],
  ['string', true, several(text)],
  ['map', true, fc.dictionary(key, text, { minKeys: 1, maxKeys: 4 }).map((map) => ({ ...map }))],
];

describe('parameters that the client encodes', () => {
  it.each(KINDS)(
    'are read as they were set, from query and envelope: %s (multivalued: %s)',
    (type, multivalued, values) => {
      fc.assert(
        fc.property(values, (value) => {
          const declared = [declare(type, multivalued)];
          const { query } = encodeCall({
            document: new Uint8Array(),
            parameters: { x: value },
            declaredTypes: { x: type },
            mmifVersion: '1.2.0',
          });
          const asked = openCall(Buffer.from(toyDocument()), new URLSearchParams(query));
          expect(castParameters(declared, asked.raw)).toEqual({ x: value });
          const envelope = `{"parameters":${JSON.stringify({ x: value })},"mmif":${toyDocument()}}`;
          const wrapped = openCall(Buffer.from(envelope), new URLSearchParams());
          expect(castParameters(declared, wrapped.raw)).toEqual({ x: value });
        }),
        { numRuns: 60 },
      );
    },
  );
});
