const SURROGATE = /[\uD800-\uDFFF]/;

/**
 * Turns positions counted in UTF-16 code units, as JavaScript does, into Unicode code points, in which MMIF counts
 * because its tools are written in Python.
 */
export function toCodePoints(text: string): (position: number) => number {
  if (!SURROGATE.test(text)) return (position) => position;
  return (position) => Array.from(text.slice(0, position)).length;
}
