import { isDeepStrictEqual } from 'node:util';
import { shortType } from '#libs/mmif';

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parameters by name, so that a change names the parameter and not its position. */
const parametersOf = (metadata: Fields): Map<string, unknown> =>
  new Map(
    (Array.isArray(metadata['parameters']) ? metadata['parameters'] : []).flatMap((parameter: unknown) =>
      isObject(parameter) ? [[String(parameter['name']), parameter] as const] : [],
    ),
  );

/** Short names of the types that an app reads or writes; alternatives form one entry. */
function typesOf(entries: unknown): string[] {
  if (!Array.isArray(entries)) return [];
  return entries.map((entry: unknown) =>
    [entry]
      .flat()
      .map((type: unknown) => shortType(String(isObject(type) ? type['@type'] : type)))
      .join(' or '),
  );
}

/** Longer values are not shown. */
const MAX_SHOWN_CHARACTERS = 60;

function shown(value: unknown): string | null {
  const text = JSON.stringify(value);
  return text !== undefined && text.length <= MAX_SHOWN_CHARACTERS ? text : null;
}

/** The differences between two descriptions of a parameter, as the end of a sentence. */
function details(before: unknown, now: unknown): string {
  if (!isObject(before) || !isObject(now)) return '';
  const changed = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (key) => !isDeepStrictEqual(before[key], now[key]),
  );
  const parts = changed.map((key) => {
    const [old, fresh] = [shown(before[key]), shown(now[key])];
    if (!(key in before)) return fresh === null ? `${key} was added` : `${key} is now ${fresh}`;
    if (!(key in now)) return old === null ? `${key} was removed` : `${key} was removed (was ${old})`;
    return old === null || fresh === null ? key : `${key} is ${fresh} (was ${old})`;
  });
  return parts.length > 0 ? `: ${parts.join(', ')}` : '';
}

function compared(
  before: ReadonlyMap<string, unknown>,
  now: ReadonlyMap<string, unknown>,
  describe: (key: string, change: 'was removed' | 'was added' | 'has changed') => string | readonly string[],
): string[] {
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((key) => {
    if (!now.has(key)) return describe(key, 'was removed');
    if (!before.has(key)) return describe(key, 'was added');
    return isDeepStrictEqual(before.get(key), now.get(key)) ? [] : describe(key, 'has changed');
  });
}

/** Types that an app now reads or writes, and those that it no longer does; null when the short types are the same. */
function typeChanges(verb: 'reads' | 'writes', before: unknown, now: unknown): string[] | null {
  const [old, fresh] = [typesOf(before), typesOf(now)];
  const sentences = [
    ...fresh.filter((type) => !old.includes(type)).map((type) => `It now ${verb} ${type}.`),
    ...old.filter((type) => !fresh.includes(type)).map((type) => `It no longer ${verb} ${type}.`),
  ];
  return sentences.length > 0 ? sentences : null;
}

/** Differences between two versions of an app's metadata, one sentence each. */
export function metadataChanges(before: unknown, now: unknown): string[] {
  if (!isObject(before) || !isObject(now)) return isDeepStrictEqual(before, now) ? [] : ['Everything has changed.'];
  const others = (metadata: Fields) => new Map(Object.entries(metadata).filter(([key]) => key !== 'parameters'));
  const [oldParameters, parameters] = [parametersOf(before), parametersOf(now)];
  return [
    ...compared(others(before), others(now), (key, change) => {
      const types =
        key === 'input' || key === 'output'
          ? typeChanges(key === 'input' ? 'reads' : 'writes', before[key], now[key])
          : null;
      return types ?? `The entry "${key}" ${change}.`;
    }),
    ...compared(oldParameters, parameters, (name, change) => {
      const what = change === 'has changed' ? details(oldParameters.get(name), parameters.get(name)) : '';
      return `The parameter "${name}" ${change}${what}.`;
    }),
  ];
}
