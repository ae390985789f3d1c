/** Code for the spec of this folder, with a spec that checks only some of it. */
export function clamp(value: number, low: number, high: number): number {
  if (value < low) return low;
  return value > high ? high : value;
}
