import { bindingsOf, type KnownThings } from './known-things.js';

/** Values of one path parameter of a command. */
export interface KeptValues {
  /** Objects that other operations need unchanged. */
  readonly kept: readonly string[];
  /** Objects that exist for this command. */
  readonly own: readonly (string | number)[];
}

/** The kept objects of each command, by operation and path parameter. */
export type KeptThings = Readonly<Record<string, Readonly<Record<string, KeptValues>>>>;

const isCommand = (operation: string): boolean => !operation.startsWith('GET ');

/**
 * The objects that each command must leave alone. A random ID, or one from a list, can name an object that other
 * operations are bound to: if it were deleted or started, those operations would not succeed in the rest of the run.
 */
export function keptThings(things: KnownThings, operations: readonly string[]): KeptThings {
  const places = operations.flatMap((operation) =>
    [...bindingsOf(things, operation)]
      .filter(([place]) => place.startsWith('path.'))
      .map(([place, { thing }]) => {
        const parameter = place.replace('path.', '');
        const resource = operation.slice(operation.indexOf('/'), operation.indexOf(`{${parameter}}`));
        return { operation, parameter, resource, thing };
      }),
  );
  const kept: Record<string, Record<string, KeptValues>> = {};
  for (const { operation, parameter, resource, thing } of places) {
    if (!isCommand(operation)) continue;
    const own = things[thing]!;
    const others = new Set(places.filter((other) => other.resource === resource).map((other) => other.thing));
    const values = new Set([...others].flatMap((other) => things[other]!.map(String)));
    for (const value of own) values.delete(String(value));
    if (values.size > 0) (kept[operation] ??= {})[parameter] = { kept: [...values], own };
  }
  return kept;
}
