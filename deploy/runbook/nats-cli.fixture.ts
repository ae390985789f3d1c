import { execFile } from 'node:child_process';
import { access, constants, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MINUTE = 60_000;
const GO_MODULE = 'github.com/nats-io/natscli/nats@v0.5.1';

/**
 * The folder of a NATS CLI: on PATH, built earlier, or built now with Go into `folder`, which takes about 2 minutes. Throws
 * with the remedy.
 */
export async function natsCliFolder(folder: string): Promise<string> {
  for (const candidate of [...(process.env['PATH'] ?? '').split(delimiter), folder]) {
    const isFound = await access(join(candidate, 'nats'), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isFound) return candidate;
  }
  await mkdir(folder, { recursive: true });
  await run('go', ['install', GO_MODULE], { env: { ...process.env, GOBIN: folder }, timeout: 10 * MINUTE }).catch(
    (cause: unknown) => {
      throw new Error(`The NATS CLI is missing: install it on PATH, or install Go to build it (${GO_MODULE}).`, {
        cause,
      });
    },
  );
  return folder;
}
