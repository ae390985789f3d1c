const trimmed = (identifier: string): string => identifier.replace(/\/+$/, '');

/** An identifier without its last segment, which is the version; null when there is no segment to spare. */
function withoutVersion(identifier: string): string | null {
  const match = /^(https?:\/\/[^/]+\/.+)\/[^/]+$/.exec(trimmed(identifier));
  return match ? match[1]! : null;
}

/**
 * How the app that signed a view relates to the one that was asked: apps that cannot tell their version sign
 * with `…/unresolvable`, and old ones with none at all, so the last segment may differ.
 */
export function compareApps(signed: string, asked: string): 'same' | 'other-version' | 'other' {
  const [left, right] = [trimmed(signed), trimmed(asked)];
  if (left === right) return 'same';
  const [leftApp, rightApp] = [withoutVersion(left), withoutVersion(right)];
  const isKin = (leftApp !== null && leftApp === rightApp) || leftApp === right || rightApp === left;
  return isKin ? 'other-version' : 'other';
}
