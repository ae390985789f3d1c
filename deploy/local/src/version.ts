/** A release as `[major, minor, patch]`. */
export type Version = readonly [number, number, number];

/** The oldest nats-server that the tests run on. */
export const OLDEST_SUPPORTED: Version = [2, 10, 26];
/** The oldest nats-server that is started, with a warning. */
export const OLDEST_STARTED: Version = [2, 9, 10];

/** The first release number in a text such as `nats-server: v2.10.27`; null if there is none or it is a pre-release. */
export function parseVersion(text: string): Version | null {
  const found = /(?:^|[^\d.])v?(\d+)\.(\d+)\.(\d+)([-\w.]*)/.exec(text);
  if (!found || /^[-.]?(?:rc|beta|alpha|preview|dev|a\d|b\d)/i.test(found[4] ?? '')) return null;
  return [Number(found[1]), Number(found[2]), Number(found[3])];
}

export const formatVersion = (version: Version): string => version.join('.');

/** Negative if `left` is older than `right`, 0 if they are equal. */
export const compareVersions = (left: Version, right: Version): number =>
  left[0] - right[0] || left[1] - right[1] || left[2] - right[2];

/** Whether a nats-server can be used: `warned` starts and shows the sentence, `refused` does not start. */
export type Support =
  { readonly verdict: 'supported' } | { readonly verdict: 'warned' | 'refused'; readonly sentence: string };

/** Judges a nats-server by its version. */
export function judgeVersion(version: Version): Support {
  if (compareVersions(version, OLDEST_SUPPORTED) >= 0) return { verdict: 'supported' };
  const found = `nats-server ${formatVersion(version)} is older than ${formatVersion(OLDEST_SUPPORTED)}`;
  if (compareVersions(version, OLDEST_STARTED) < 0) {
    return { verdict: 'refused', sentence: `${found}, the oldest version that Chowda supports: install a newer one.` };
  }
  return {
    verdict: 'warned',
    sentence: `${found}, the oldest version that Chowda is tested with: some features may not work.`,
  };
}

/**
 * Why a server of this version must not open a folder that `writer` wrote last; null if it may.
 * An older server can damage the files of a newer one (observed with 2.9.10 on a folder of 2.15.2).
 */
export function refuseFolder(server: Version, writer: Version | null): string | null {
  if (writer === null || (server[0] === writer[0] && server[1] === writer[1])) return null;
  if (compareVersions(server, writer) >= 0) return null;
  return (
    `This data folder was written by nats-server ${formatVersion(writer)}, and nats-server ${formatVersion(server)} ` +
    `is older and could damage it: put the newer server on PATH, or choose another folder with --data.`
  );
}
