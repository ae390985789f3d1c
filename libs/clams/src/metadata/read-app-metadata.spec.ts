import { describe, expect, it } from '@jest/globals';
import { AppMetadataError } from './app-metadata.js';
import { parseAppMetadata } from './parse-app-metadata.js';
import { readAppMetadata } from './read-app-metadata.js';

const TYPE = 'http://mmif.clams.ai/vocabulary/TimeFrame/v6';
const base = { name: 'Toy', identifier: 'http://apps.clams.ai/toy/v1' };
const read = (change: object) => readAppMetadata({ ...base, ...change });
const parameter = (change: object) => read({ parameters: [{ name: 'p', type: 'string', ...change }] }).parameters[0];

describe('readAppMetadata', () => {
  it('reads minimal metadata', () => {
    expect(read({})).toMatchObject({ version: '', mmifVersion: null, input: [], output: [], parameters: [], more: {} });
  });

  it('ignores unknown keys', () => {
    expect(read({ est_gpu_mem_min: 1, brand_new: { a: 1 } }).name).toBe('Toy');
  });

  it('reads alternatives of an input as one entry', () => {
    const one = { '@type': TYPE, required: false };
    const { input } = read({ input: [one, [one, one]] });
    expect(input.map((entry) => entry.length)).toEqual([1, 2]);
    expect(input[0]![0]).toMatchObject({ uri: TYPE, required: false });
  });

  it('uses the declared type, not the type of the default', () => {
    expect(parameter({ default: 1 })).toMatchObject({ type: 'string', default: '1', required: false });
    expect(parameter({ type: 'integer', default: 'None' })).toMatchObject({ type: 'integer', default: 'None' });
    expect(parameter({ type: 'map', default: ['B:bars'] })).toMatchObject({ multivalued: true, default: ['B:bars'] });
    expect(parameter({ type: 'boolean', multivalued: true, default: 0 })).toMatchObject({ multivalued: false });
  });

  it('converts defaults to the declared type where possible', () => {
    const values = (type: string, value: unknown) => parameter({ type, default: value, multivalued: true })?.default;
    expect(values('integer', ['1', '-2'])).toEqual([1, -2]);
    expect(values('number', ['0.5', 'inf'])).toEqual([0.5, 'inf']);
    expect(values('integer', '9223372036854775807')).toBe('9223372036854775807');
    expect([values('boolean', 0), values('boolean', 'True'), values('boolean', 'None')]).toEqual([false, true, 'None']);
  });

  it('treats exactly the parameters without a default as required', () => {
    expect(parameter({})).toMatchObject({ required: true, default: null });
    expect(parameter({ default: [] })).toMatchObject({ required: false });
  });

  it('removes duplicate choices', () => {
    expect(parameter({ choices: ['a', 'b', 'a'], default: 'a' })?.choices).toEqual(['a', 'b']);
  });

  it('reads the version of MMIF from its URI', () => {
    expect(read({ mmif_version: 'http://mmif.clams.ai/1.0.5' }).mmifVersion).toBe('1.0.5');
  });

  it.each([[null], ['hello'], [[]], [{ name: 'x' }], [{ identifier: 'x', name: 3 }]])('rejects %j', (json) => {
    expect(() => readAppMetadata(json)).toThrow(AppMetadataError);
  });
});

describe('parseAppMetadata', () => {
  it('keeps only integers beyond 2^53 as strings', () => {
    const text =
      '{"a":9223372036854775807,"b":[-9223372036854775808],"c":12,"d":"9223372036854775807 \\" 1","e":1.5e300}';
    expect(parseAppMetadata(text)).toEqual({
      a: '9223372036854775807',
      b: ['-9223372036854775808'],
      c: 12,
      d: '9223372036854775807 " 1',
      e: 1.5e300,
    });
  });

  it.each([
    ['<!doctype html>', 'a web page'],
    ['hello', 'not valid JSON'],
  ])('rejects %s with the reason: %s', (text, reason) => expect(() => parseAppMetadata(text)).toThrow(reason));
});
