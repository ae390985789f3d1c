import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// A process of its own runs the compiled code; `npm test` builds it first.
const LOGGING = pathToFileURL(join('dist', 'libs', 'runtime', 'src', 'logging.js')).href;
/** Every write to it fails with ENOSPC. */
const FULL_DEVICE = '/dev/full';

/** Logs more than may wait, with standard output redirected to a file; standard error receives a line at the end. */
const logTo = (file: string) =>
  spawnSync(
    'sh',
    [
      '-c',
      '"$0" --input-type=module -e "$1" > "$2"',
      process.execPath,
      `import { createLogger } from '${LOGGING}';
       const logger = createLogger('test', 'info');
       for (let n = 0; n < 50; n += 1) logger.info({ text: 'x'.repeat(50_000) }, 'line');
       setImmediate(() => process.stderr.write('continues'));`,
      file,
    ],
    { encoding: 'utf8', timeout: 20_000 },
  );

(existsSync(FULL_DEVICE) ? describe : describe.skip)('a logger', () => {
  it('does not end its process when the log cannot be written', () => {
    const { status, stderr } = logTo(FULL_DEVICE);
    expect([status, stderr]).toEqual([0, 'continues']);
  });
});
