/** A time as operators read it ("2026-11-25 14:00 UTC"), from milliseconds since 1970. */
export const clock = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** "is" or "are", after a count. */
export const are = (number: number): string => (number === 1 ? 'is' : 'are');

/** The end of a sentence: an optional reason after a colon, and the full stop. */
export const because = (why: string | null): string => (why ? `: ${why.replace(/\.$/, '')}.` : '.');

/** Capitalises the first word of a sentence. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
