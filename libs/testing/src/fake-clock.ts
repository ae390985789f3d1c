import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian and its derivatives, Fedora and Arch install libfaketime. */
const LIBRARIES = [
  ...['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((name) => `/usr/lib/${name}/faketime/libfaketime.so.1`),
  '/usr/lib64/faketime/libfaketime.so.1',
  '/usr/lib/faketime/libfaketime.so.1',
];

/** A wall clock for child processes that a test can set while they run; their monotonic clock is the real one. */
export interface FakeClock {
  /** Variables for the environment of each process that uses the clock. */
  readonly environment: Readonly<Record<string, string>>;
  /** Sets the clock ahead of the real one; negative: behind it. The processes notice it immediately. */
  set(secondsAhead: number): Promise<void>;
  close(): Promise<void>;
}

/** A clock that shows the real time at first; null after a printed reason when libfaketime is not installed. */
export async function fakeClock(): Promise<FakeClock | null> {
  const library = LIBRARIES.find((path) => existsSync(path));
  if (library === undefined) {
    process.stderr.write(
      'SKIPPED: the tests with wrong clocks. They need libfaketime (Debian package "libfaketime").\n',
    );
    return null;
  }
  const folder = await mkdtemp(join(tmpdir(), 'chowda-clock-'));
  const file = join(folder, 'offset');
  const set = (secondsAhead: number) => writeFile(file, `${secondsAhead < 0 ? '' : '+'}${secondsAhead}\n`);
  await set(0);
  return {
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      // Two names of the same setting, in older and newer versions.
      DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    set,
    close: () => rm(folder, { recursive: true }),
  };
}
