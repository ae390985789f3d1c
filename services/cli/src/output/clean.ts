/** A text on one line, without control characters, which could control the terminal. */
export const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ').trim();

/** A text of several lines, without control characters except line breaks and tabs. */
export const plainLines = (text: string): string => text.replaceAll(/[^\P{Cc}\n\t]/gu, '');
