import type { AppDetailView, AppHealthView, AppView, RetryPolicy } from '#libs/contracts';
import { type Column, fieldLines } from '../output/table.js';
import { formatDuration, formatTime } from '../output/format.js';

type Paused = AppDetailView['paused'];

/** When, by whom and why an app was paused; null if it is not paused. */
export const pausedLabel = (paused: Paused): string | null =>
  paused && `${formatTime(paused.at)} by ${paused.by}${paused.why === '' ? '' : `: ${paused.why}`}`;

/** Whether pipelines can use an app. */
export const usableLabel = ({ ready, enabled }: Pick<AppDetailView, 'ready' | 'enabled'>): string =>
  enabled ? (ready ? 'yes' : 'not yet') : 'disabled';

const retryLabel = (policy: RetryPolicy): string =>
  Object.entries(policy)
    .filter(([, rule]) => rule !== undefined)
    .map(([outcome, rule]) => `${outcome} ${rule.attempts} times after ${formatDuration(rule.delaySeconds)}`)
    .join(', ');

/** An app and its settings. */
export const settingLines = (app: AppView): string[] =>
  fieldLines([
    ['App', app.slug],
    ['Name', `${app.name} ${app.version}`],
    ['Description', app.description],
    ['Address', app.url],
    ['Usable', usableLabel(app)],
    ['Paused', pausedLabel(app.paused)],
    ['Concurrency', app.concurrency],
    ['Deadline', formatDuration(app.deadlineSeconds)],
    ['Retries', retryLabel(app.retry)],
    ['Cost per hour', app.costPerHour],
    ['Notes', app.notes],
  ]);

/** An app with its input and output types and its parameters. */
export function appLines(app: AppDetailView): string[] {
  const input = app.input.map(({ oneOf, required }) => `${oneOf.join(' or ')}${required ? '' : ' (optional)'}`);
  const parameters = app.parameters.map(({ name, type, multivalued, choices, required, default: fallback }) => {
    const kind = `${multivalued ? 'list of ' : ''}${type}${choices ? ` (${choices.join(', ')})` : ''}`;
    const absent = required ? 'required' : fallback === null ? '' : `default ${JSON.stringify(fallback)}`;
    return `  ${[name, kind, absent].filter((part) => part !== '').join('  ')}`;
  });
  return [
    ...settingLines(app),
    ...fieldLines([
      ['Reads', input.join(', ')],
      ['Writes', app.output.join(', ')],
    ]),
    ...(parameters.length > 0 ? ['Parameters', ...parameters] : []),
  ];
}

/** Table of the latest responses of an app. */
export const ANSWER_COLUMNS: readonly Column<AppHealthView['answers'][number]>[] = [
  { title: 'Time', of: ({ at }) => formatTime(at) },
  { title: 'Run', of: ({ run }) => run },
  { title: 'File', of: ({ guid }) => guid },
  { title: 'Duration', of: ({ seconds }) => formatDuration(seconds) },
  { title: 'Outcome', of: ({ outcome, sentence }) => (sentence === null ? outcome : `${outcome}: ${sentence}`) },
];

/** The health of an app, without its latest responses. */
export function healthLines({
  reachable,
  paused,
  breaker,
  queued,
  running,
  concurrency,
  pace,
}: AppHealthView): string[] {
  const { secondsPerFile, secondsPerMediaMinute } = pace;
  return [
    reachable.sentence,
    ...fieldLines([
      ['Running', `${running} of ${concurrency}`],
      ['Queued', queued],
      ['Paused', pausedLabel(paused)],
      ['Breaker', breaker && `tripped ${breaker.trips} times, next probe at ${formatTime(breaker.probeAt)}`],
      [
        'Per file',
        secondsPerFile &&
          `${formatDuration(secondsPerFile.p50)} (median), ${formatDuration(secondsPerFile.p90)} (90th percentile)`,
      ],
      ['Per media minute', secondsPerMediaMinute && formatDuration(secondsPerMediaMinute.p50)],
      ['Metadata', reachable.changed === true ? 'changed; "chowda apps refresh" updates it' : null],
    ]),
  ];
}
