/** A text on one line, without characters that would steer a terminal. */
export const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ').trim();

/** A text of several lines, without characters that would steer a terminal. */
export const plainLines = (text: string): string => text.replaceAll(/[^\P{Cc}\n\t]/gu, '');
