import type { AppControl } from '#libs/contracts';

/** Settings of an app for tests; no app runs at its address. */
export const appControl = (slug: string, change: Partial<AppControl> = {}): AppControl => ({
  v: 1,
  installation: 'here',
  slug,
  adapter: 'http',
  url: 'http://127.0.0.1:5000',
  identifier: `http://apps.clams.ai/${slug}`,
  ackWait: 60,
  concurrency: 1,
  paused: false,
  ...change,
});
