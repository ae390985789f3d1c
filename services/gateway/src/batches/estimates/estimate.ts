import type { BatchEstimate, Percentiles } from '#libs/contracts';
import type { AppPace, StageAhead, WorkAhead } from '#libs/database';

const HOUR = 3600;
const MINUTES_PER_HOUR = 60;

/** Whether workers serve an app now; null means unknown. `why` is a sentence. */
export type AppLife = { readonly alive: true } | { readonly alive: false | null; readonly why: string };

/** Pace and availability of the apps of a batch, by slug. */
export interface AppsKnown {
  readonly paces: ReadonlyMap<string, AppPace>;
  readonly lives: ReadonlyMap<string, AppLife>;
}

const scaled = ({ p50, p90 }: Percentiles, by: number): Percentiles => ({ p50: p50 * by, p90: p90 * by });
const added = (a: Percentiles, b: Percentiles): Percentiles => ({ p50: a.p50 + b.p50, p90: a.p90 + b.p90 });
const NOTHING: Percentiles = { p50: 0, p90: 0 };

/**
 * Seconds of work at a stage, from the recent pace of its app: per minute of media where durations are known, otherwise
 * per file; null if the app has no history.
 */
export function workOf(
  { runs, minutes, unknownDurations }: Pick<StageAhead, 'runs' | 'minutes' | 'unknownDurations'>,
  pace: AppPace | undefined,
): Percentiles | null {
  if (runs === 0) return NOTHING;
  const { secondsPerMediaMinute: perMinute = null, secondsPerFile: perFile = null } = pace ?? {};
  if (perMinute === null || unknownDurations === runs) return perFile && scaled(perFile, runs);
  const measured = scaled(perMinute, minutes);
  if (unknownDurations === 0) return measured;
  return perFile && added(measured, scaled(perFile, unknownDurations));
}

/**
 * Seconds that a batch takes if nothing else runs. Stages work in parallel on different files, so the slowest app
 * determines the time, plus the time of one average file at the other apps. An app at several stages shares its slots.
 */
export function elapsedOf(stages: readonly (StageAhead & { readonly work: Percentiles | null })[]): Percentiles | null {
  const apps = new Map<string, { slots: number; work: Percentiles; single: Percentiles }>();
  for (const { app, concurrency, runs, work } of stages) {
    if (work === null) return null;
    const known = apps.get(app) ?? { slots: concurrency, work: NOTHING, single: NOTHING };
    const single = runs > 0 ? scaled(work, 1 / runs) : NOTHING;
    apps.set(app, { ...known, work: added(known.work, work), single: added(known.single, single) });
  }
  const elapsed = (name: keyof Percentiles): number => {
    const all = [...apps.values()];
    const once = all.reduce((sum, { single }) => sum + single[name], 0);
    return Math.max(0, ...all.map(({ slots, work, single }) => Math.max(work[name] / slots - single[name], 0))) + once;
  };
  return { p50: elapsed('p50'), p90: elapsed('p90') };
}

/**
 * Time and cost of running a batch, as a range from the recent calls of each app; null where an app has no history or
 * price. Stages whose results are reused count nothing.
 */
export function estimateOf(work: WorkAhead, { paces, lives }: AppsKnown): BatchEstimate {
  const stages = work.stages.map((stage) => ({ ...stage, work: workOf(stage, paces.get(stage.app)) }));
  const seconds = elapsedOf(stages);
  const { input, inputs, files, reused, minutes, unknownDurations } = work;
  const mediaHours = unknownDurations === files && files > 0 ? null : minutes / MINUTES_PER_HOUR;
  const apps = stages.map(({ app }) => app);
  const warnings = [...warningsOf(apps, lives), ...missingOf(work)];
  return {
    batch: work.batch,
    files,
    reused,
    mediaHours,
    unknownDurations,
    input: { kind: input.kind, found: inputs.found, missing: { ...inputs.missing, guids: [...inputs.missing.guids] } },
    stages: stages.map(({ index, app, name, runs, reused: skipped, work: seconds_ }) => ({
      index,
      app,
      name,
      runs,
      reused: skipped,
      seconds: seconds_,
      alive: lives.get(app)?.alive ?? null,
    })),
    seconds,
    cost: costOf(stages),
    warnings,
    sentence: sentenceOf({ files, reused, seconds }),
  };
}

function costOf(stages: readonly (StageAhead & { readonly work: Percentiles | null })[]): Percentiles | null {
  const priced = stages.filter(({ costPerHour }) => costPerHour !== null);
  if (priced.length === 0 || priced.some(({ work }) => work === null)) return null;
  return priced.map(({ work, costPerHour }) => scaled(work!, costPerHour! / HOUR)).reduce(added, NOTHING);
}

/** Why apps are not served, or may not be: each sentence once, in the order of the apps. */
export function warningsOf(apps: readonly string[], lives: AppsKnown['lives']): string[] {
  const sentences = apps.flatMap((app) => {
    const life = lives.get(app);
    return life && life.alive !== true ? [life.why] : [];
  });
  return [...new Set(sentences)];
}

function missingOf({ input, inputs: { missing } }: WorkAhead): string[] {
  if (missing.count === 0 || input.kind === 'source') return [];
  const files = missing.count === 1 ? '1 file has' : `${missing.count} files have`;
  return input.missing === 'source'
    ? [`${files} no document in the chosen input and will start from the source.`]
    : [`${files} no document in the chosen input, so the batch will not start.`];
}

const UNITS = [
  ['day', 24 * HOUR],
  ['hour', HOUR],
  ['minute', 60],
  ['second', 1],
] as const;

/** Such as "2 hours", in the largest unit that gives at least 2; at least "1 second". */
export function inWords(seconds: number): string {
  const [unit, size] = UNITS.find(([, length]) => seconds >= 2 * length) ?? UNITS.at(-1)!;
  const number = Math.max(1, Math.round(seconds / size));
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}

function sentenceOf({ files, reused, seconds }: Pick<BatchEstimate, 'files' | 'reused' | 'seconds'>): string {
  const head = `${files} ${files === 1 ? 'file' : 'files'}`;
  const known = reused > 0 ? `, ${reused} of which need no work` : '';
  if (seconds === null) return `${head}${known}: the time is unknown, because an app has no history yet.`;
  const [least, most] = [inWords(seconds.p50), inWords(seconds.p90)];
  return `${head}${known}: about ${least === most ? least : `${least} to ${most}`} if nothing else runs.`;
}
