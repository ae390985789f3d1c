import { startScriptedApp } from '#libs/testing';

/** Apps of which each ends in its way; they are in this process. */
export interface FuzzApps {
  /** Is done at once. */
  readonly good: string;
  /** Fails with every file. */
  readonly failing: string;
  /** Works on one file for ever. */
  readonly endless: string;
  close(): Promise<void>;
}

/** Starts the apps. */
export async function startFuzzApps(): Promise<FuzzApps> {
  const apps = await Promise.all([
    // The one of the document's examples. The documents of all calls differ, and say how long the media are.
    startScriptedApp({
      name: 'whisper-wrapper',
      version: 'v10',
      script: ({ attempt }) => ({ kind: 'ok', annotations: attempt, duration: 60_000 }),
    }),
    startScriptedApp({ name: 'failing', script: () => ({ kind: 'text', message: 'No view has a TextDocument.' }) }),
    startScriptedApp({ name: 'endless', script: () => ({ kind: 'hang' }) }),
  ]);
  const [good, failing, endless] = apps.map(({ url }) => url) as [string, string, string];
  return { good, failing, endless, close: async () => void (await Promise.all(apps.map((app) => app.close()))) };
}
