/** The parts of a JSON Schema that an example needs. */
export interface ExampleSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly ExampleSchema[];
  readonly oneOf?: readonly ExampleSchema[];
  readonly allOf?: readonly ExampleSchema[];
  readonly properties?: Readonly<Record<string, ExampleSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | ExampleSchema;
  readonly propertyNames?: ExampleSchema;
  readonly items?: ExampleSchema;
  readonly prefixItems?: readonly ExampleSchema[];
  readonly minItems?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
}

/** Finds a schema by its `$ref`. */
export type Definitions = (reference: string) => ExampleSchema;

const TIME = '2026-11-25T09:30:00.000Z';
const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const ADDRESS = 'http://127.0.0.1:5000';

/** Example texts by property name; the first match counts. */
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/guid|^files$|^add$|^remove$/i, 'cpb-aacip-507-zw18k75z4h'],
  [/At$|^at$|^p\d\d$|timestamp|^paused$|^(from|to|when|first|last)Seen$/i, TIME],
  [/sha256|digest/i, SHA256],
  [/url|address/i, ADDRESS],
  [/slug|^app$|^apps$|^stage$|^before$/i, 'whisper-wrapper_v10'],
  [/identifier/i, 'http://apps.clams.ai/whisper-wrapper/v10'],
  [/mime/i, 'video/mp4'],
  [/location/i, 'file:///media/cpb-aacip-507-zw18k75z4h.mp4'],
  [/pipeline/i, 'speech to text'],
  [/title/i, 'Evening news, 12 May 1987'],
  [/path|folder/i, '/media/cpb-aacip-507-zw18k75z4h.mp4'],
  [/fingerprint/i, 'whisper-wrapper_v10|app-error|no audio stream in <path>'],
  [/sentence|reason|message|detail|why|nextAction|outcome/i, 'The app found no audio stream in the file.'],
  [/actor|by$/i, 'local'],
  [/version/i, 'v10'],
  [/openapi/i, '3.1.0'],
  [/worker/i, 'worker-1'],
  [/given/i, 'cpb-aacip/507-zw18k75z4h'],
  [/attempt/i, '1-1'],
  [/gap/i, 'covers 5 of 31 min'],
  [/trace/i, 'ValueError: no audio stream in the file'],
  [/warnings|notices|changes|notReached/i, 'The app found no audio stream in the file.'],
  [/oneOf|output|type/i, 'TimeFrame'],
  [/notes|description/i, 'Finds speech and writes it down.'],
  [/state/i, 'answers'],
  [/method/i, 'POST'],
  [/summary/i, 'Create a batch'],
  [/cursor|next/i, 'WyJiYXRjaGVzIiw0Ml0'],
  [/name/i, 'Evening news'],
];
const DEFAULT_TEXT = 'text';

/** Example numbers by property name; the first match counts. */
const NUMBERS: readonly (readonly [RegExp, number])[] = [
  [/bytes/i, 48_213],
  [/ms$|^(covered|of)$/i, 1_860_000],
  [/seconds|^p\d\d$/i, 90],
  [/status/i, 500],
  [/weight/i, 100],
  [/^(files|total|runs)$/i, 3],
];
const DEFAULT_NUMBER = 1;

/**
 * A value that a JSON Schema accepts, chosen by property names; always the same for the same schema. `full: false`
 * leaves out optional properties, because in a request body they may exclude each other.
 */
export function exampleOf(
  schema: ExampleSchema,
  { definitions, full, name = '' }: { definitions: Definitions; full: boolean; name?: string },
): unknown {
  const of = (inner: ExampleSchema, innerName = name) => exampleOf(inner, { definitions, full, name: innerName });
  if (schema.examples?.length) return schema.examples[0];
  if (schema.$ref !== undefined) return of(definitions(schema.$ref));
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice) return of(choice);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => of(part)));
  const [type = ''] = [schema.type ?? ''].flat();
  switch (type) {
    case 'object':
      return object(schema, { of, full });
    case 'array':
      return list(schema, of);
    case 'string':
      return text(schema, name);
    case 'integer':
    case 'number':
      return number(schema, name);
    case 'boolean':
      return schema.default ?? false;
    case 'null':
      return null;
    default:
      return {};
  }
}

/**
 * Example bodies: the required properties alone, then with one optional property each, because the schema does not show
 * which ones exclude each other. An empty body comes last.
 */
export function candidateBodies(schema: ExampleSchema, definitions: Definitions): readonly unknown[] {
  const { properties = {}, required = [] } = schema.$ref === undefined ? schema : definitions(schema.$ref);
  const smallest = exampleOf(schema, { definitions, full: false });
  const others = Object.entries(properties).filter(([name]) => !required.includes(name));
  const larger = others.map(([name, part]) => ({
    ...(smallest as object),
    [name]: exampleOf(part, { definitions, full: false, name }),
  }));
  return isEmpty(smallest) ? [...larger, smallest] : [smallest, ...larger];
}

const isEmpty = (body: unknown): boolean => typeof body === 'object' && Object.keys(body ?? {}).length === 0;

type Of = (inner: ExampleSchema, name?: string) => unknown;

function object({ properties = {}, required = [], ...schema }: ExampleSchema, { of, full }: { of: Of; full: boolean }) {
  const shown = Object.entries(properties).filter(([key]) => full || required.includes(key));
  const example = Object.fromEntries(shown.map(([key, property]) => [key, of(property, key)]));
  const { additionalProperties: others, propertyNames } = schema;
  if (typeof others !== 'object' || Object.keys(others).length === 0) return example;
  // A record with an enum as key, such as counts by state, has every key.
  const keys = propertyNames?.enum ?? [propertyNames ? of(propertyNames) : 'TimeFrame'];
  return { ...Object.fromEntries(keys.map((key) => [String(key), of(others)])), ...example };
}

function list({ items, prefixItems, minItems = 1 }: ExampleSchema, of: Of): unknown[] {
  if (prefixItems) return prefixItems.map((item) => of(item));
  const counted = (value: unknown, place: number) => (typeof value === 'number' ? value + place : value);
  return items ? Array.from({ length: Math.max(minItems, 1) }, (_, place) => counted(of(items), place)) : [];
}

function number({ minimum, exclusiveMinimum = -Infinity, maximum = Infinity }: ExampleSchema, name: string): number {
  const found = NUMBERS.find(([pattern]) => pattern.test(name))?.[1] ?? DEFAULT_NUMBER;
  return Math.min(Math.max(found, minimum ?? exclusiveMinimum + 1), maximum);
}

function text({ format, minLength = 0, maxLength = Infinity }: ExampleSchema, name: string): string {
  if (format === 'date-time') return TIME;
  if (format === 'uri') return ADDRESS;
  const found = TEXTS.find(([pattern]) => pattern.test(name))?.[1] ?? DEFAULT_TEXT;
  return found.padEnd(minLength, '-').slice(0, maxLength);
}
