/** Whether a version such as `1.1.0` is `least` or newer; false when it is unknown. */
export function isAtLeast(version: string | null, least: string): boolean {
  const parts = (text: string) => /(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number);
  const [given, wanted] = [parts(version ?? ''), parts(least)!];
  if (!given) return false;
  const place = wanted.findIndex((part, index) => part !== given[index]);
  return place === -1 || given[place]! > wanted[place]!;
}
