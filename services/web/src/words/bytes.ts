const STEP = 1024;
const UNITS = ['B', 'KiB', 'MiB', 'GiB'] as const;

/** A size: "812 B", "3.4 MiB". */
export function formatBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / Math.log2(STEP)), UNITS.length - 1);
  const size = bytes / STEP ** power;
  return `${power === 0 ? size : size.toFixed(1)} ${UNITS[power]}`;
}
