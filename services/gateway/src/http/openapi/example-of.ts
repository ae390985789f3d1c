/** As much of a JSON Schema as an example needs. */
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

/** Schemas that others refer to, by what they call them. */
export type Definitions = (reference: string) => ExampleSchema;

const TIME = '2026-11-25T09:30:00.000Z';
const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const ADDRESS = 'http://127.0.0.1:5000';

/** What a text of this name may say. */
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/guid|^files$|^add$|^remove$/i, 'cpb-aacip-507-zw18k75z4h'],
  [/At$|^(from|to|when|first|last)Seen$/i, TIME],
  [/sha256|digest/i, SHA256],
  [/url|address/i, ADDRESS],
  [/slug|^app$|^apps$/i, 'whisper-wrapper_v10'],
  [/pipeline/i, 'speech to text'],
  [/title/i, 'Evening news, 12 May 1987'],
  [/path|folder/i, '/media/cpb-aacip-507-zw18k75z4h.mp4'],
  [/fingerprint/i, 'whisper-wrapper_v10|app-error|no audio stream in <path>'],
  [/sentence|reason|message|detail|why|nextAction|outcome/i, 'The app found no audio stream in the file.'],
  [/actor|by$/i, 'local'],
  [/version/i, 'v10'],
  [/cursor|next/i, 'WyJiYXRjaGVzIiw0Ml0'],
  [/name/i, 'Evening news'],
];
const DEFAULT_TEXT = 'text';

/**
 * A value that a JSON Schema accepts, made of what its names say; the same each time. Optional parts are left out of what
 * is sent (`full: false`), where they may exclude each other.
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
      return Math.min(Math.max(schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1, 1), schema.maximum ?? Infinity);
    case 'boolean':
      return schema.default ?? false;
    case 'null':
      return null;
    default:
      return {};
  }
}

/** Bodies from the smallest on: with what must be there, then with one more part each; what excludes what is not known. */
export function bodyExamples(schema: ExampleSchema, definitions: Definitions): readonly unknown[] {
  const { properties = {}, required = [] } = schema.$ref === undefined ? schema : definitions(schema.$ref);
  const smallest = exampleOf(schema, { definitions, full: false });
  const others = Object.entries(properties).filter(([name]) => !required.includes(name));
  return [
    smallest,
    ...others.map(([name, part]) => ({
      ...(smallest as object),
      [name]: exampleOf(part, { definitions, full: false, name }),
    })),
  ];
}

type Of = (inner: ExampleSchema, name?: string) => unknown;

function object({ properties = {}, required = [], ...schema }: ExampleSchema, { of, full }: { of: Of; full: boolean }) {
  const shown = Object.entries(properties).filter(([key]) => full || required.includes(key));
  const example = Object.fromEntries(shown.map(([key, property]) => [key, of(property, key)]));
  const { additionalProperties: others, propertyNames } = schema;
  if (typeof others !== 'object' || Object.keys(others).length === 0) return example;
  // Counts by state have every state.
  const keys = propertyNames?.enum ?? [propertyNames ? of(propertyNames) : 'TimeFrame'];
  return { ...Object.fromEntries(keys.map((key) => [String(key), of(others)])), ...example };
}

function list({ items, prefixItems, minItems = 1 }: ExampleSchema, of: Of): unknown[] {
  if (prefixItems) return prefixItems.map((item) => of(item));
  return items ? Array.from({ length: Math.max(minItems, 1) }, () => of(items)) : [];
}

function text({ format, minLength = 0, maxLength = Infinity }: ExampleSchema, name: string): string {
  if (format === 'date-time') return TIME;
  if (format === 'uri') return ADDRESS;
  const found = TEXTS.find(([pattern]) => pattern.test(name))?.[1] ?? DEFAULT_TEXT;
  return found.padEnd(minLength, '-').slice(0, maxLength);
}
