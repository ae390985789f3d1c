import { ValueError } from '#libs/clams';

/** Throws a ValueError unless the value is within the limits (inclusive). */
export function requireWithin(parameter: string, value: number, [least, most]: readonly [number, number]): void {
  if (value >= least && value <= most) return;
  throw new ValueError(`Parameter ${parameter} is ${value}, but must be between ${least} and ${most}.`);
}
