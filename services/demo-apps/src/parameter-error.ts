/** A parameter has a value the app cannot work with; named as in Python, whose name error views of CLAMS apps carry. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}

/** Throws a ValueError unless the value lies within the limits, both included. */
export function requireWithin(parameter: string, value: number, [least, most]: readonly [number, number]): void {
  if (value >= least && value <= most) return;
  throw new ValueError(`Parameter ${parameter} is ${value}, but must lie between ${least} and ${most}.`);
}
