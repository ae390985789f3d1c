import { describe, expect, it } from '@jest/globals';
import { candidateBodies, type ExampleSchema, exampleOf } from './example-of.js';

const definitions = (reference: string): ExampleSchema =>
  reference.endsWith('/Name') ? { type: 'string', examples: ['Zoë'] } : {};
const example = (schema: ExampleSchema, full = true) => exampleOf(schema, { definitions, full });

describe('exampleOf', () => {
  it.each<[ExampleSchema, unknown]>([
    [{ type: 'string', examples: ['given'] }, 'given'],
    [{ $ref: '#/components/schemas/Name' }, 'Zoë'],
    [{ const: 7 }, 7],
    [{ enum: ['waiting', 'running'] }, 'waiting'],
    [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, 1],
    [{ type: ['string', 'null'], maxLength: 2 }, 'te'],
    [{ type: 'string', minLength: 6 }, 'text--'],
    [{ type: 'integer', minimum: 3 }, 3],
    [{ type: 'integer', minimum: -9, maximum: 0 }, 0],
    [{ type: 'number', exclusiveMinimum: 2 }, 3],
    [{ type: 'boolean' }, false],
    [{ type: 'null' }, null],
    [{ type: 'array', items: { type: 'integer' }, minItems: 2 }, [1, 2]],
    [{ type: 'array', prefixItems: [{ type: 'integer' }, { type: 'boolean' }] }, [1, false]],
    [{ type: 'object', additionalProperties: { type: 'integer' } }, { TimeFrame: 1 }],
    [
      { type: 'object', propertyNames: { enum: ['done', 'failed'] }, additionalProperties: { type: 'integer' } },
      { done: 1, failed: 1 },
    ],
    [{}, {}],
  ])('creates an example of %j: %j', (schema, expected) => expect(example(schema)).toEqual(expected));

  it('chooses texts by property name', () => {
    const properties = {
      guid: { type: 'string' },
      createdAt: { type: 'string' },
      files: { type: 'array', items: { type: 'string' } },
    };
    expect(example({ type: 'object', properties })).toEqual({
      guid: 'cpb-aacip-507-zw18k75z4h',
      createdAt: '2026-11-25T09:30:00.000Z',
      files: ['cpb-aacip-507-zw18k75z4h'],
    });
  });

  it.each([
    ['bytes', {}, 48_213],
    ['bytes', { maximum: 9 }, 9],
    ['httpStatus', {}, 500],
    ['index', {}, 1],
  ])('chooses a number for %s within %j', (name, limits, expected) => {
    const schema = { type: 'object', properties: { [name]: { type: 'integer', ...limits } } };
    expect(example(schema)).toEqual({ [name]: expected });
  });

  it('contains only required properties unless it is full', () => {
    const schema = { type: 'object', properties: { a: { type: 'integer' }, b: { type: 'integer' } }, required: ['a'] };
    expect(example(schema, false)).toEqual({ a: 1 });
  });
});

describe('candidateBodies', () => {
  const properties = { a: { type: 'integer' }, b: { type: 'boolean' } };

  it('start with the required properties', () => {
    expect(candidateBodies({ type: 'object', properties, required: ['a'] }, definitions)).toEqual([
      { a: 1 },
      { a: 1, b: false },
    ]);
  });

  it('end with an empty body if nothing is required', () => {
    expect(candidateBodies({ type: 'object', properties }, definitions)).toEqual([{ a: 1 }, { b: false }, {}]);
  });
});
