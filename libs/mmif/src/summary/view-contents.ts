import { isObject } from '../model/json.js';
import type { Annotation, ViewMetadata } from '../model/mmif.js';
import { shortType } from '../model/type-uri.js';

/** Number of annotations by short type. */
export type TypeCounts = Readonly<Record<string, number>>;

/** Counts annotations by short type, in the order in which the types appear. */
export function countTypes(annotations: Iterable<Annotation>): TypeCounts {
  const byUri = new Map<string, number>();
  for (const { '@type': uri } of annotations) byUri.set(uri, (byUri.get(uri) ?? 0) + 1);
  const counts = new Map<string, number>();
  for (const [uri, count] of byUri) counts.set(shortType(uri), (counts.get(shortType(uri)) ?? 0) + count);
  return Object.fromEntries(counts);
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `str(timedelta)` of Python: `0:00:05.466913`, `1 day, 2:03:04`. */
const TIMEDELTA = /^(?:(\d+) days?, )?(\d+):(\d\d):(\d\d(?:\.\d+)?)$/;

/**
 * How long the app ran for a view, in seconds; null when the view does not state it, or not as a finite number. clams-python 1.3 wrote
 * `appRunningTime`, later versions write `appProfiling.runningTime`.
 */
export function runningTime(metadata: ViewMetadata): number | null {
  const profiling = metadata['appProfiling'];
  const text = isObject(profiling) ? profiling['runningTime'] : metadata['appRunningTime'];
  const match = typeof text === 'string' ? TIMEDELTA.exec(text.trim()) : null;
  if (!match) return null;
  const [, days = '0', hours, minutes, seconds] = match;
  const total = Number(days) * DAY + Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds);
  return Number.isFinite(total) ? total : null;
}

/** Warnings of a view, separated by whether a person should read them. */
interface ClassifiedWarnings {
  /** Messages of the SDK about itself and its vocabulary: stored, but no reason to check the result. */
  readonly notices: readonly string[];
  /** Messages of the app about its work. */
  readonly warnings: readonly string[];
}

/** `{message : UserWarning('…'), category : …}` of clams-python and `UserWarning: …` of mmif-python. */
const CATEGORY = /^\s*(?:\{\s*message\s*:\s*)?(\w+)\s*[(:]/;
/** mmif-python base_types.py, clams-vocabulary base.py: `version difference detected: v1&v2@VideoDocument`. */
const VERSION_DIFFERENCE = /\bversion difference detected: \S*&\S*@\w/;
const NOTICES = new Set(['DeprecationWarning', 'PendingDeprecationWarning', 'EmptyOutputWarning']);

function isNotice(warning: string): boolean {
  return VERSION_DIFFERENCE.test(warning) || NOTICES.has(CATEGORY.exec(warning)?.[1] ?? '');
}

/** Separates notices of the SDK from warnings of the app; both keep their order. */
export const classifyWarnings = (warnings: readonly string[]): ClassifiedWarnings => ({
  notices: warnings.filter(isNotice),
  warnings: warnings.filter((warning) => !isNotice(warning)),
});
