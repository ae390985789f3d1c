import type { Parameters } from '#libs/contracts';

/** A parameter as an app's metadata declares it. */
export interface DeclaredParameter {
  readonly name: string;
  readonly type: string;
  readonly multivalued: boolean;
  readonly choices?: readonly (string | number | boolean)[] | undefined;
  /** A parameter without one has to be set. */
  readonly default?: unknown;
}

type Value = Parameters[string];

/** What is wrong with the parameters of one stage, one sentence each. */
export function parameterFaults(app: string, parameters: Parameters, declared: readonly DeclaredParameter[]): string[] {
  const unknown = Object.keys(parameters).filter((name) => !declared.some((parameter) => parameter.name === name));
  const names = declared.map(({ name }) => name).join(', ') || 'none';
  return [
    ...unknown.map((name) => `${app} has no parameter "${name}"; it has: ${names}.`),
    ...declared.flatMap((parameter) => {
      const value = parameters[parameter.name];
      if (value !== undefined) return valueFault(app, parameter, value) ?? [];
      return parameter.default === undefined ? [`${app} needs a value for its parameter "${parameter.name}".`] : [];
    }),
  ];
}

function valueFault(app: string, { name, type, multivalued, choices }: DeclaredParameter, value: Value): string | null {
  const subject = `Parameter "${name}" of ${app}`;
  if (type === 'map') return isMap(value) ? null : `${subject} is an object of keys and values.`;
  if (isMap(value)) return `${subject} is no object; it takes ${article(type)}.`;
  if (Array.isArray(value) && !multivalued) return `${subject} takes one value, not a list.`;
  const values = Array.isArray(value) ? value : [value];
  const misfit = values.find((item) => !fits(type, item));
  if (misfit !== undefined) return `${subject} takes ${article(type)}, not ${JSON.stringify(misfit)}.`;
  const stranger = choices && values.find((item) => !choices.map(String).includes(String(item)));
  if (stranger !== undefined) return `${subject} is one of ${choices!.join(', ')}, not ${JSON.stringify(stranger)}.`;
  return null;
}

const isMap = (value: Value): value is Record<string, string | number | boolean> =>
  typeof value === 'object' && !Array.isArray(value);

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

/** Apps read every value from text, so a number may also come as its text. */
function fits(type: string, value: string | number | boolean): boolean {
  switch (type) {
    case 'integer':
      return typeof value !== 'boolean' && /^[+-]?\d+$/.test(String(value));
    case 'number':
      return typeof value !== 'boolean' && String(value).trim() !== '' && Number.isFinite(Number(value));
    case 'boolean':
      return typeof value === 'boolean' || value === 'true' || value === 'false';
    default:
      return true;
  }
}
