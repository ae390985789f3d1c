import { ValueError } from '#libs/clams';

/** Throws a ValueError unless the value lies within the limits, both included. */
export function requireWithin(parameter: string, value: number, [least, most]: readonly [number, number]): void {
  if (value >= least && value <= most) return;
  throw new ValueError(`Parameter ${parameter} is ${value}, but must lie between ${least} and ${most}.`);
}
