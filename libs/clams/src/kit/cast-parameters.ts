import type { ParameterType } from '../metadata/app-metadata.js';
import type { DeclaredParameter } from './declared-parameters.js';
import { ValueError } from './errors.js';

/** Values as received: the texts of each parameter, in their order. */
export type RawParameters = ReadonlyMap<string, readonly string[]>;

type Scalar = string | number | boolean;
/** A value of the declared type. */
export type CastValue = Scalar | readonly Scalar[] | Readonly<Record<string, string>>;
/** The value of every declared parameter. */
export type Configuration = Readonly<Record<string, CastValue>>;

/** Every other text is true, including the empty one (clams/app/__init__.py, falsy_values). */
const FALSE = new Set(['False', 'false', 'F', 'f', '0']);

/** Reads a boolean as the SDK does. */
export const castBoolean = (text: string): boolean => !FALSE.has(text);

// What Python's int() and float() accept, except digits of other scripts.
const INTEGER = /^\s*[+-]?\d+\s*$/;
const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** The number in a text, NaN when the text does not have the form; Python allows underscores between digits. */
function numberOf(text: string, form: RegExp): number {
  const plain = text.replace(/(?<=\d)_(?=\d)/g, '');
  return form.test(plain) ? Number(plain) : Number.NaN;
}

function castInteger(name: string, text: string): number {
  const value = numberOf(text, INTEGER);
  // Python has no negative zero integer.
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  if (Number.isNaN(value)) throw new ValueError(`Parameter "${name}" takes an integer, not "${text}".`);
  throw new ValueError(`Parameter "${name}" takes integers between -(2^53-1) and 2^53-1, not ${text.trim()}.`);
}

function castNumber(name: string, text: string): number {
  const value = numberOf(text, NUMBER);
  if (Number.isFinite(value)) return value;
  throw new ValueError(`Parameter "${name}" takes a finite number, not "${text}".`);
}

function castScalar(name: string, type: Exclude<ParameterType, 'map'>, text: string): Scalar {
  switch (type) {
    case 'integer':
      return castInteger(name, text);
    case 'number':
      return castNumber(name, text);
    case 'boolean':
      return castBoolean(text);
    case 'string':
      return text;
  }
}

/** The first colon separates key and value; the last pair with a key wins. */
function castMap(name: string, texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const colon = text.indexOf(':');
      if (colon < 0) throw new ValueError(`Parameter "${name}" takes KEY:VALUE pairs, not "${text}".`);
      return [text.slice(0, colon), text.slice(colon + 1)];
    }),
  );
}

function castTexts({ name, type, multivalued }: DeclaredParameter, texts: readonly string[]): CastValue {
  if (type === 'map') return castMap(name, texts);
  return multivalued ? texts.map((text) => castScalar(name, type, text)) : castScalar(name, type, texts[0]!);
}

function requireChoice({ name, type, choices }: DeclaredParameter, value: CastValue): void {
  if (!choices || type === 'map') return;
  const allowed = new Set<unknown>(choices.map((choice) => castScalar(name, type, String(choice))));
  if ([value].flat().every((one) => allowed.has(one))) return;
  const list = choices.map((choice) => (typeof choice === 'string' ? `'${choice}'` : String(choice))).join(', ');
  throw new ValueError(`Value for parameter "${name}" must be one of [${list}].`);
}

/**
 * Converts texts to values of the declared types, as the SDK does (clams/app/__init__.py, ParameterCaster): of several
 * texts the first counts unless the parameter is multivalued; defaults fill gaps. Unlike the SDK, it checks each value of
 * a list against the choices and rejects values that JavaScript or JSON cannot represent: integers beyond 2^53 and
 * infinity. Throws ValueError, also for a missing value; ignores undeclared parameters.
 */
export function castParameters(declared: readonly DeclaredParameter[], raw: RawParameters): Configuration {
  return Object.fromEntries(
    declared.map((parameter) => {
      const { name, multivalued, default: fallback } = parameter;
      const texts = raw.get(name);
      if (texts && (texts.length > 0 || multivalued)) {
        const value = castTexts(parameter, texts);
        requireChoice(parameter, value);
        return [name, value];
      }
      if (fallback !== undefined) return [name, castTexts(parameter, [fallback].flat().map(String))];
      throw new ValueError(`Cannot find configuration for a required parameter "${name}".`);
    }),
  );
}
