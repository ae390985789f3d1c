/**
 * Texts as the value of a parameter `$n::text[]`. The driver would escape each by itself, and leave behind four times the
 * memory of a list of 100,000; JSON writes a text as Postgres does, unless it has to escape something.
 */
export function textArray(texts: readonly string[]): string | readonly string[] {
  const json = JSON.stringify(texts);
  return json.includes('\\') ? texts : `{${json.slice(1, -1)}}`;
}
