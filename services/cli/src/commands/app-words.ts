import type { AppDetailView, AppHealthView, AppView, RetryPolicy } from '#libs/contracts';
import { type Column, fieldLines } from '../output/table.js';
import { durationOf, momentOf } from '../output/words.js';

type Paused = AppDetailView['paused'];

/** By whom an app is paused and why; nothing when it is not. */
export const pausedWords = (paused: Paused): string | null =>
  paused && `${momentOf(paused.at)} by ${paused.by}${paused.why === '' ? '' : `: ${paused.why}`}`;

/** Whether pipelines may use an app. */
export const usableWords = ({ ready, enabled }: Pick<AppDetailView, 'ready' | 'enabled'>): string =>
  enabled ? (ready ? 'yes' : 'not yet') : 'disabled';

const retryWords = (policy: RetryPolicy): string =>
  Object.entries(policy)
    .filter(([, rule]) => rule !== undefined)
    .map(([outcome, rule]) => `${outcome} ${rule.attempts} times after ${durationOf(rule.delaySeconds)}`)
    .join(', ');

/** An app and how it is used. */
export const settingLines = (app: AppView): string[] =>
  fieldLines([
    ['App', app.slug],
    ['Name', `${app.name} ${app.version}`],
    ['About', app.description],
    ['Address', app.url],
    ['Usable', usableWords(app)],
    ['Paused', pausedWords(app.paused)],
    ['At once', app.concurrency],
    ['Deadline', durationOf(app.deadlineSeconds)],
    ['Retries', retryWords(app.retry)],
    ['Cost per hour', app.costPerHour],
    ['Notes', app.notes],
  ]);

/** An app with what it reads, writes and takes. */
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

/** Its last answers as a table. */
export const ANSWER_COLUMNS: readonly Column<AppHealthView['answers'][number]>[] = [
  { title: 'When', of: ({ at }) => momentOf(at) },
  { title: 'Run', of: ({ run }) => run },
  { title: 'File', of: ({ guid }) => guid },
  { title: 'Took', of: ({ seconds }) => durationOf(seconds) },
  { title: 'Outcome', of: ({ outcome, sentence }) => (sentence === null ? outcome : `${outcome}: ${sentence}`) },
];

/** How an app is doing, without its last answers. */
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
      ['Paused', pausedWords(paused)],
      ['Breaker', breaker && `stopped it ${breaker.trips} times, tries again ${momentOf(breaker.probeAt)}`],
      [
        'Per file',
        secondsPerFile && `${durationOf(secondsPerFile.p50)}, 9 of 10 below ${durationOf(secondsPerFile.p90)}`,
      ],
      ['Per media minute', secondsPerMediaMinute && durationOf(secondsPerMediaMinute.p50)],
      ['Metadata', reachable.changed === true ? 'has changed: "chowda apps refresh" takes it over' : null],
    ]),
  ];
}
