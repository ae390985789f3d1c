const numbers = new Intl.NumberFormat('en');

/** A number with its noun: "1 file", "1,200 files", "2 copies". */
export const countOf = (number: number, one: string, many = `${one}s`): string =>
  `${numbers.format(number)} ${number === 1 ? one : many}`;

/** The end of a shortened list: " and 3 more"; empty when nothing was left out. */
export const andMore = (left: number): string => (left > 0 ? ` and ${numbers.format(left)} more` : '');

/**
 * The first items of a list and the number of the others: "a, b and 3 more".
 * `total` is the length of the whole list where `items` holds only its beginning.
 */
export function firstOf(items: readonly string[], limit = items.length, total = items.length): string {
  const shown = items.slice(0, limit);
  return `${shown.join(', ')}${andMore(total - shown.length)}`;
}
