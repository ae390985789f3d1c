import { execFile } from 'node:child_process';
import { access, constants, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MINUTE = 60_000;
const GO_MODULE = 'github.com/nats-io/natscli/nats@v0.5.1';

/**
 * The folder of a NATS CLI: on PATH, built before, or built now with Go into `folder`, which takes two minutes. Throws a
 * sentence that says what to install.
 */
export async function natsCliFolder(folder: string): Promise<string> {
  for (const candidate of [...(process.env['PATH'] ?? '').split(delimiter), folder]) {
    const isThere = await access(join(candidate, 'nats'), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return candidate;
  }
  await mkdir(folder, { recursive: true });
  await run('go', ['install', GO_MODULE], { env: { ...process.env, GOBIN: folder }, timeout: 10 * MINUTE }).catch(
    (cause: unknown) => {
      throw new Error(`There is no NATS CLI: put one on PATH, or Go, with which it is built (${GO_MODULE}).`, {
        cause,
      });
    },
  );
  return folder;
}
