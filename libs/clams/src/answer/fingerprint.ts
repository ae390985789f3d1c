const MAX_CHARACTERS = 300;

/** Details that differ between failures with the same cause, from the most to the least specific. */
const DETAILS: readonly (readonly [RegExp, string])[] = [
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s'"<>)\]]+/gi, '<address>'],
  [/(?<![\w<])(?:[A-Za-z]:)?(?:[\\/][\w.@%+~ -]*[\w.@%+~-])+[\\/]?/g, '<path>'],
  [/\bcpb-aacip-[\w-]+/gi, '<guid>'],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '<id>'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g, '<time>'],
  [/\b\d+:\d\d(?::\d\d)?(?:\.\d+)?\b/g, '<time>'],
  [/\b0x[0-9a-f]+\b/gi, '<hex>'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '<hex>'],
  [/\d+(?:\.\d+)?/g, '<n>'],
  [/\s+/g, ' '],
];

/**
 * Text that is equal for similar failures: app, outcome and message, with addresses, paths, GUIDs, UUIDs, times, hex
 * strings and numbers replaced by placeholders.
 */
export function fingerprintOf(app: string, outcome: string, message: string): string {
  const general = DETAILS.reduce((text, [pattern, word]) => text.replace(pattern, word), message);
  return `${app}|${outcome}|${general.trim().slice(0, MAX_CHARACTERS)}`;
}
