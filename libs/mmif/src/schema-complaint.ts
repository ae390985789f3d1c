import type { ErrorObject } from 'ajv';
import { isObject } from './parse-json.js';

const CONTENTS = ['contains', 'warnings', 'error'] as const;

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

/**
 * Complaints of ajv as sentences. Complaints from within `oneOf` and `anyOf` are left out: they tell what each
 * alternative lacks, and the complaint about the whole says more.
 */
export const complaintSentences = (errors: readonly ErrorObject[]): string[] =>
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
      return `${String(params['additionalProperty'])} has no place here`;
    case 'type':
      return `must be ${TYPE_WORDS[String(params['type'])] ?? String(params['type'])}, not ${kind(data)}`;
    case 'format':
      return `${JSON.stringify(data)} is no ${params['format'] === 'uri' ? 'URI' : 'date and time'}`;
    case 'minLength':
      return data === '' ? 'must not be empty' : `${JSON.stringify(data)} is too short`;
    case 'uniqueItems':
      return 'has an entry twice';
    case 'anyOf':
      return `must be a text or a list of texts, not ${kind(data)}`;
    case 'oneOf':
      return contents(data);
    default:
      return message ?? `breaks the rule "${keyword}"`;
  }
}

/** The only `oneOf` of the schema: a view has an app, and annotations or warnings or an error. */
function contents(metadata: unknown): string {
  const has = (name: string) => isObject(metadata) && Object.hasOwn(metadata, name);
  if (!has('app')) return 'app is missing';
  const present = CONTENTS.filter(has);
  return present.length === 0
    ? `one of ${CONTENTS.join(', ')} is missing`
    : `has ${present.join(' and ')}, but may have only one of them`;
}

function kind(value: unknown): string {
  const name = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return TYPE_WORDS[name] ?? name;
}
