import { dirname, join } from 'node:path';
import { ApiClient, freePort, obtainNatsServer, repositoryRoot, type Stack, startStack } from '#deploy/local';
import type { KnownThings } from '#libs/testing';
import { fill } from './fill.js';
import { startFuzzApps } from './fuzz-apps.js';

/** A temporary stack with objects of every kind. */
export interface OwnStack {
  readonly webUrl: string;
  readonly accessToken: string;
  readonly things: KnownThings;
  stop(): Promise<void>;
}

/** Starts a stack in a folder and fills it. */
export async function ownStack(folder: string, print: (sentence: string) => void): Promise<OwnStack> {
  const apps = await startFuzzApps();
  let stack: Stack | undefined;
  const stop = async () => {
    await stack?.stop();
    await apps.close();
  };
  try {
    stack = await startIn(folder, print);
    const api = new ApiClient(stack.webUrl, stack.accessToken);
    const signInCode = new URL(stack.signInUrl).searchParams.get('code')!;
    const things = { ...(await fill(api, join(folder, 'media'), apps)), 'sign-in code': [signInCode] };
    return { webUrl: stack.webUrl, accessToken: stack.accessToken, things, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startIn(folder: string, print: (sentence: string) => void): Promise<Stack> {
  const { PATH: path, PIP_INDEX_URL: indexUrl } = process.env;
  const nats = await obtainNatsServer({
    folder: join(repositoryRoot, '.chowda', 'programs'),
    path,
    indexUrl,
    onStep: print,
  });
  return startStack({
    dataFolder: folder,
    httpPort: await freePort(),
    environment: {
      ...process.env,
      PATH: `${dirname(nats.path)}:${path}`,
      LOG_LEVEL: 'warn',
      COMMANDS_PER_MINUTE: '1000000',
    },
    onEvent: print,
  });
}
