import type { ErrorObject } from 'ajv';
import { isObject } from '../model/json.js';

const CONTENTS = ['contains', 'warnings', 'error'] as const;

const TYPE_NAMES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

/**
 * Errors of ajv as sentences. Errors from within `oneOf` and `anyOf` are left out: they list what each alternative
 * lacks, while the error about the whole value explains more.
 */
export const errorSentences = (errors: readonly ErrorObject[]): string[] =>
  errors.filter(({ schemaPath }) => !/\/(?:oneOf|anyOf)\/\d+\//.test(schemaPath)).map(sentence);

const sentence = (error: ErrorObject): string => `${place(error.instancePath)}: ${fault(error)}.`;

/** `/views/1/metadata/contains/http:~1~1x` as `views[1].metadata.contains["http://x"]`. */
function place(pointer: string): string {
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const path = names.map((name) => {
    if (/^\d+$/.test(name)) return `[${name}]`;
    return /^[@\w-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  });
  return path.join('').replace(/^\./, '') || 'document';
}

function fault({ keyword, params, data, message }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return `${String(params['missingProperty'])} is missing`;
    case 'additionalProperties':
      return `${String(params['additionalProperty'])} is not allowed here`;
    case 'type':
      return `must be ${TYPE_NAMES[String(params['type'])] ?? String(params['type'])}, not ${typeName(data)}`;
    case 'format':
      return `${JSON.stringify(data)} is not a valid ${params['format'] === 'uri' ? 'URI' : 'date and time'}`;
    case 'minLength':
      return data === '' ? 'must not be empty' : `${JSON.stringify(data)} is too short`;
    case 'uniqueItems':
      return 'contains the same entry twice';
    case 'anyOf':
      return `must be a string or a list of strings, not ${typeName(data)}`;
    case 'oneOf':
      return contentFault(data);
    default:
      return message ?? `violates the schema rule "${keyword}"`;
  }
}

/** The only `oneOf` of the schema: a view has an app and one of annotations, warnings and an error. */
function contentFault(metadata: unknown): string {
  const has = (name: string) => isObject(metadata) && Object.hasOwn(metadata, name);
  if (!has('app')) return 'app is missing';
  const present = CONTENTS.filter(has);
  return present.length === 0
    ? `one of ${CONTENTS.join(', ')} is missing`
    : `has ${present.join(' and ')}, but only one of them is allowed`;
}

function typeName(value: unknown): string {
  const name = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return TYPE_NAMES[name] ?? name;
}
