/** A time as operators read it, from milliseconds since 1970. */
export const clock = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** "is" or "are", after a count. */
export const are = (number: number): string => (number === 1 ? 'is' : 'are');

/** A reason that may be missing, behind a colon, and the end of the sentence. */
export const because = (why: string | null): string => (why ? `: ${why.replace(/\.$/, '')}.` : '.');

/** A sentence's first word. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
