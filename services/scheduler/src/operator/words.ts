/** A time as operators read it, from milliseconds since 1970. */
export const clock = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** "1 run", "2 runs". */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** "is" or "are", after a count. */
export const are = (number: number): string => (number === 1 ? 'is' : 'are');

/** A reason that may be missing, behind a colon, and the end of the sentence. */
export const because = (why: string | null): string => (why ? `: ${why.replace(/\.$/, '')}.` : '.');

/** The first of many by name, and how many more there are. */
export function named(names: readonly string[], most: number): string {
  const others = names.length > most ? ` and ${names.length - most} more` : '';
  return `${names.slice(0, most).join(', ')}${others}`;
}

/** A sentence's first word. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
