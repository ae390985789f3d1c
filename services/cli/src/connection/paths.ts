/** A path with a query; leaves out parameters that are undefined. */
export function pathWith(path: string, query: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

/** Path of an app, or of a command for it. */
export const appPath = (slug: string, verb?: string): string =>
  `/api/apps/${encodeURIComponent(slug)}${verb === undefined ? '' : `/${verb}`}`;
