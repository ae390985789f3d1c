import { startScriptedApp } from '#libs/testing';

/** URLs of apps with different outcomes; they run in this process. */
export interface FuzzApps {
  /** Succeeds immediately. */
  readonly good: string;
  /** Fails with every file. */
  readonly failing: string;
  /** Never answers. */
  readonly endless: string;
  close(): Promise<void>;
}

/** Starts the apps. */
export async function startFuzzApps(): Promise<FuzzApps> {
  const apps = await Promise.all([
    // The app in the examples of the OpenAPI document. Each output differs and states the duration of the media.
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
