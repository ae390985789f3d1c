import { isDeepStrictEqual } from 'node:util';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parameters by name, so that a change names the parameter and not its place. */
const parametersOf = (metadata: Record<string, unknown>): Map<string, unknown> =>
  new Map(
    (Array.isArray(metadata['parameters']) ? metadata['parameters'] : []).flatMap((parameter: unknown) =>
      isObject(parameter) ? [[String(parameter['name']), parameter] as const] : [],
    ),
  );

function compared<Key>(before: ReadonlyMap<Key, unknown>, now: ReadonlyMap<Key, unknown>, noun: string): string[] {
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((key) => {
    if (!now.has(key)) return [`${noun} "${String(key)}" is gone.`];
    if (!before.has(key)) return [`${noun} "${String(key)}" is new.`];
    return isDeepStrictEqual(before.get(key), now.get(key)) ? [] : [`${noun} "${String(key)}" has changed.`];
  });
}

/** What the metadata of an app says now that it did not say before, one sentence each. */
export function metadataChanges(before: unknown, now: unknown): string[] {
  if (!isObject(before) || !isObject(now)) return isDeepStrictEqual(before, now) ? [] : ['Everything has changed.'];
  const others = (metadata: Record<string, unknown>) =>
    new Map(Object.entries(metadata).filter(([key]) => key !== 'parameters'));
  return [
    ...compared(others(before), others(now), 'The entry'),
    ...compared(parametersOf(before), parametersOf(now), 'The parameter'),
  ];
}
