import type { PipelineView, StageDifference } from '#libs/contracts';

type Version = Pick<PipelineView, 'stages'>;
type Parameter = StageDifference['parameters'][number];

/** The differences between two versions as sentences; none for equal stages. */
export const diffSentences = (differences: readonly StageDifference[], older: Version, newer: Version): string[] =>
  differences.flatMap((difference) => sentencesOf(difference, older, newer));

function sentencesOf({ change, from, to, app, before, parameters }: StageDifference, older: Version, newer: Version) {
  const name = (newer.stages[to ?? -1] ?? older.stages[from ?? -1])?.name ?? app;
  const stage = `Stage ${to ?? from} (${name})`;
  const settings = parameters.map((parameter) => `${stage} ${setting(parameter)}.`);
  switch (change) {
    case 'same':
      return [];
    case 'added':
      return [`${stage} was added.`, ...settings];
    case 'removed':
      return [`${stage} was removed.`];
    case 'moved':
      return [`${stage} was stage ${from}.`, ...settings];
    case 'replaced':
      return [
        `${stage} uses ${app} instead of ${before}${from === to ? '' : `, which was stage ${from}`}.`,
        ...settings,
      ];
    case 'changed':
      return settings;
  }
}

const setting = ({ name, from, to }: Parameter): string => {
  if (to === null) return `no longer sets "${name}" (it was ${JSON.stringify(from)})`;
  return `sets "${name}" to ${JSON.stringify(to)} (${from === null ? 'it was not set' : `it was ${JSON.stringify(from)}`})`;
};
