/** Path of an app, or of what is done to it. */
export const appPath = (slug: string, verb?: string): string =>
  `/api/apps/${encodeURIComponent(slug)}${verb === undefined ? '' : `/${verb}`}`;
