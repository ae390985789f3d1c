import { ApiClient } from './api-client.js';
import { banner } from './banner.js';
import { finishOnce } from './once.js';
import { HELP, type Options, readOptions } from './options.js';
import { checkDiskSpace, checkWebPort } from './preflight.js';
import { print, runProgram, stopSignal } from './program.js';
import { withProgress } from './progress.js';
import { repositoryRoot, sampleMediaFolder } from './repository.js';
import { filesOf, loadSamples, repeatBatch } from './samples.js';
import { type Stack, startStack } from './stack.js';
import { lockDataFolder } from './start-lock.js';

async function loadBatch(api: ApiClient, stack: Stack, once: boolean) {
  const batch = await loadSamples(api, { mediaFolder: sampleMediaFolder, appUrls: stack.demoApps });
  return once && batch.summary.state === 'finished' ? repeatBatch(api, batch, await filesOf(api, batch)) : batch;
}

async function run(options: Options): Promise<number> {
  let stack: Stack | undefined;
  const lock = await lockDataFolder(options.dataFolder);
  const stopping = stopSignal('Stopping (press Ctrl-C again to kill)', () => {
    stack?.kill();
    process.exit(1);
  });
  const stopped = new Promise<void>((resolve) => stopping.addEventListener('abort', () => resolve(), { once: true }));
  try {
    await checkDiskSpace(options.dataFolder);
    await checkWebPort(options.port, lock.afterCrash);
    const starting = startStack({
      dataFolder: options.dataFolder,
      httpPort: options.port,
      natsUrl: process.env['NATS_URL'] || undefined,
      databaseUrl: process.env['DATABASE_URL'] || undefined,
      environment: process.env,
      onEvent: print,
      signal: stopping,
    });
    stack = await withProgress('Starting', print, starting);
    const api = new ApiClient(stack.webUrl, stack.accessToken);
    const batch = await withProgress('Loading the samples', print, loadBatch(api, stack, options.once));
    print(banner(stack, options.dataFolder));
    if (options.once) {
      const finished = finishOnce(api, batch.id, { resultsFolder: options.resultsFolder, print });
      return await Promise.race([finished, stopped.then(() => 1)]);
    }
    await stopped;
    return 0;
  } catch (error) {
    if (stopping.aborted) return 1;
    throw error;
  } finally {
    await stack?.stop();
    await lock.release();
  }
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), repositoryRoot);
  if (!options.help) return run(options);
  print(HELP);
  return 0;
}

await runProgram(main);
