import type { AppParameter } from '../metadata/app-metadata.js';
import { isMap, type ParameterScalar, type ParameterValue, type ParameterValues } from './parameter-value.js';

/** A fault in one parameter of a stage. */
export interface ParameterFault {
  readonly parameter: string;
  readonly sentence: string;
}

/** Faults in the parameters of one stage; an empty list when the app accepts them. */
export function parameterFaults(
  app: string,
  values: ParameterValues,
  declared: readonly AppParameter[],
): ParameterFault[] {
  const unknown = Object.keys(values).filter((name) => !declared.some((parameter) => parameter.name === name));
  const names = declared.map(({ name }) => name).join(', ') || 'none';
  return [
    ...unknown.map((name) => ({
      parameter: name,
      sentence: `${app} has no parameter "${name}". Its parameters: ${names}.`,
    })),
    ...declared.flatMap((parameter) => {
      const { name } = parameter;
      const value = values[name];
      const missing = parameter.required ? `${app} needs a value for its parameter "${name}".` : null;
      const sentence = value === undefined ? missing : valueFault(app, parameter, value);
      return sentence === null ? [] : [{ parameter: name, sentence }];
    }),
  ];
}

function valueFault(
  app: string,
  { name, type, multivalued, choices }: AppParameter,
  value: ParameterValue,
): string | null {
  const subject = `Parameter "${name}" of ${app}`;
  if (type === 'map')
    return isMap(value) ? mapFault(subject, value) : `${subject} must be an object of keys and values.`;
  if (isMap(value)) return `${subject} takes ${article(type)}, not an object.`;
  if (Array.isArray(value) && !multivalued) return `${subject} takes one value, not a list.`;
  const values = (Array.isArray(value) ? value : [value]) as readonly ParameterScalar[];
  if (values.length === 0) return `${subject} is an empty list. Omit it to use the app's default.`;
  const misfit = values.find((item) => !fits(type, item));
  if (misfit !== undefined) return `${subject} takes ${article(type)}, not ${JSON.stringify(misfit)}.`;
  // An integer that JavaScript has already rounded would reach the app changed; numbers are rounded everywhere.
  const rounded = values.find(
    (item) => type !== 'number' && typeof item === 'number' && Number.isInteger(item) && !Number.isSafeInteger(item),
  );
  if (rounded !== undefined) return `${subject} is too large for a JSON number. Write it as a string in quotes.`;
  const invalid = choices && values.find((item) => !choices.map(String).includes(String(item)));
  if (invalid !== undefined && invalid !== null)
    return `${subject} must be one of ${choices!.join(', ')}, not ${JSON.stringify(invalid)}.`;
  return null;
}

const mapFault = (subject: string, value: Readonly<Record<string, ParameterScalar>>): string | null => {
  const keys = Object.keys(value);
  if (keys.length === 0) return `${subject} has no keys. Omit it to use the app's default.`;
  const broken = keys.find((key) => key.includes(':'));
  return broken === undefined ? null : `${subject} has the key "${broken}", but keys must not contain a colon.`;
};

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

/** Apps read every value from text, so a number may also be given as a string. */
function fits(type: AppParameter['type'], value: ParameterScalar): boolean {
  switch (type) {
    case 'integer':
      return typeof value !== 'boolean' && /^[+-]?\d+$/.test(String(value));
    case 'number':
      return typeof value !== 'boolean' && String(value).trim() !== '' && Number.isFinite(Number(value));
    case 'boolean':
      return typeof value === 'boolean' || /^(true|false)$/i.test(String(value));
    case 'string':
    case 'map':
      return true;
  }
}
