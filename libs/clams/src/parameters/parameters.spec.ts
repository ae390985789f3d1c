import { describe, expect, it } from '@jest/globals';
import { readAppMetadata } from '../metadata/read-app-metadata.js';
import { encodeCall, UnsendableParameters } from './encode-call.js';
import { parameterFaults } from './parameter-faults.js';
import type { ParameterValues } from './parameter-value.js';

const { parameters: declared } = readAppMetadata({
  name: 'Toy',
  identifier: 'http://apps.clams.ai/toy/v1',
  parameters: [
    { name: 'needed', type: 'integer' },
    { name: 'share', type: 'number', default: 0.5 },
    { name: 'mode', type: 'string', choices: ['a', 'b'], default: 'a' },
    { name: 'modes', type: 'string', choices: ['a', 'b'], multivalued: true, default: [] },
    { name: 'labels', type: 'string', multivalued: true, default: [] },
    { name: 'names', type: 'map', default: [] },
    { name: 'flag', type: 'boolean', default: false },
  ],
});
const faults = (values: ParameterValues) =>
  parameterFaults('toy', { needed: 1, ...values }, declared).map(({ sentence }) => sentence);

describe('parameterFaults', () => {
  it.each<[ParameterValues]>([
    [{}],
    [{ needed: '9223372036854775807', share: '1e-3', flag: 'True' }],
    [{ share: 1, mode: 'b', labels: ['x', 'y'], names: { B: 'bars' }, flag: true }],
    [{ labels: 'x' }],
    [{ share: 1e21 }],
  ])('finds none in %j', (values) => expect(faults(values)).toEqual([]));

  it.each<[ParameterValues, string]>([
    [{ needed: 1.5 }, 'takes an integer, not 1.5'],
    [{ needed: true }, 'takes an integer'],
    [{ needed: 2 ** 60 }, 'Write it as a string'],
    [{ labels: [2 ** 60] }, 'Write it as a string'],
    [{ share: '' }, 'takes a number'],
    [{ share: 'much' }, 'takes a number, not "much"'],
    [{ mode: 'c' }, 'must be one of a, b, not "c"'],
    [{ mode: ['a', 'b'] }, 'takes one value, not a list'],
    [{ modes: ['a', 'c'] }, 'must be one of a, b, not "c"'],
    [{ labels: [] }, 'Omit it'],
    [{ labels: { a: 'b' } }, 'takes a string, not an object'],
    [{ names: 'B:bars' }, 'must be an object of keys and values'],
    [{ names: {} }, 'no keys'],
    [{ names: { 'a:b': 'c' } }, 'must not contain a colon'],
    [{ flag: 1 }, 'takes a boolean'],
    [{ strange: 1 }, 'has no parameter "strange". Its parameters: needed, share'],
  ])('finds one in %j', (values, sentence) => expect(faults(values).join()).toContain(sentence));

  it('requires a value for a parameter without a default', () => {
    expect(parameterFaults('toy', {}, declared)).toEqual([
      { parameter: 'needed', sentence: 'toy needs a value for its parameter "needed".' },
    ]);
  });
});

describe('encodeCall', () => {
  const document = new TextEncoder().encode('{"n":9223372036854775807}');
  const types = Object.fromEntries(declared.map(({ name, type }) => [name, type]));
  const encode = (parameters: ParameterValues, mmifVersion: string | null = '1.1.0') =>
    encodeCall({ document, parameters, declaredTypes: types, mmifVersion });
  const long = 'ä'.repeat(2000);

  it('sends only the document when no parameter is set', () => {
    expect(encode({})).toEqual({ query: '', body: [document] });
  });

  it('writes values so that the SDK reads them back', () => {
    const { query } = encode({
      needed: 3,
      labels: ['a b', 'ü&='],
      names: { B: 'bars:x', S: 1 },
      flag: true,
      share: 0.5,
    });
    expect([...new URLSearchParams(query)]).toEqual([
      ['needed', '3'],
      ['labels', 'a b'],
      ['labels', 'ü&='],
      ['names', 'B:bars:x'],
      ['names', 'S:1'],
      ['flag', 'True'],
      ['share', '0.5'],
    ]);
    expect(encode({ flag: 'false' }).query).toBe('?flag=False');
  });

  it('puts the unchanged document into an envelope when the query would be too long', () => {
    const { query, body } = encode({ labels: [long], flag: 'true', names: { B: 'bars' } }, '1.1.1');
    expect(query).toBe('');
    expect(body[1]).toBe(document);
    const text = Buffer.concat(body).toString();
    expect(text.endsWith('"mmif":{"n":9223372036854775807}}')).toBe(true);
    expect(JSON.parse(text)).toMatchObject({ parameters: { labels: [long], flag: true, names: { B: 'bars' } } });
  });

  it.each(['1.1.0', '1.0.5', '0.4.2', null])('does not use the envelope with MMIF %s', (version) => {
    expect(() => encode({ labels: [long] }, version)).toThrow(UnsendableParameters);
  });

  it.each(['1.1.1', '1.2.0', '2.0.0'])('uses the envelope with MMIF %s', (version) => {
    expect(encode({ labels: [long] }, version).body).toHaveLength(3);
  });
});
