const SURROGATE = /[\uD800-\uDFFF]/;

/**
 * Returns a function that converts positions from UTF-16 code units (JavaScript) to Unicode code points, which MMIF
 * uses because its tools are written in Python.
 */
export function toCodePoints(text: string): (position: number) => number {
  if (!SURROGATE.test(text)) return (position) => position;
  return (position) => Array.from(text.slice(0, position)).length;
}
