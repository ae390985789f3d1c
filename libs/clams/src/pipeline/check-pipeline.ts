import { compareTypes, shortType, vocabularyOf } from '#libs/mmif';
import type { AppMetadata, AppType } from '../metadata/app-metadata.js';
import { isAtLeast } from '../metadata/mmif-version.js';

/** One app of a pipeline, in its order. */
export interface PipelineApp {
  /** Name for people. */
  readonly name: string;
  readonly metadata: AppMetadata;
}

/** Advice for the author of a pipeline; the sentence states the finding and what to do. */
export interface PipelineFinding {
  /** Stage that is affected, from 0. */
  readonly stage: number;
  /** A `warning` affects results; a `note` does not. */
  readonly level: 'warning' | 'note';
  readonly sentence: string;
}

/** MMIF 1.1.0 introduced annotation ids that begin with the id of their view (`v_0:tf_1`). */
const FIRST_WITH_LONG_IDS = '1.1.0';
/** MMIF 1.1.1 moved the vocabulary to `clams.ai/vocabulary/type`. */
const FIRST_WITH_NEW_VOCABULARY = '1.1.1';

export const DOCUMENT_TYPES = ['VideoDocument', 'AudioDocument', 'TextDocument', 'ImageDocument'] as const;
const isDocument = ({ uri }: AppType): boolean => (DOCUMENT_TYPES as readonly string[]).includes(shortType(uri));
const named = (types: readonly AppType[]): string => types.map(({ uri }) => shortType(uri)).join(' or ');

/**
 * Finds questionable combinations of apps: inputs that no app writes, types in a vocabulary or version that a later app
 * does not know, and ids that an older SDK cannot read. Metadata may be wrong, so no finding forbids the pipeline.
 */
export const checkPipeline = (apps: readonly PipelineApp[]): PipelineFinding[] =>
  apps.flatMap((app, stage) => {
    const before = apps.slice(0, stage);
    const atStage = ({ level, sentence }: Finding): PipelineFinding => ({ stage, level, sentence });
    return [
      ...app.metadata.input.flatMap((entry) => inputFindings(app, entry, before)),
      ...idFindings(app, before),
    ].map(atStage);
  });

type Finding = Omit<PipelineFinding, 'stage'>;

function inputFindings(app: PipelineApp, entry: readonly AppType[], before: readonly PipelineApp[]): Finding[] {
  const writers = before.flatMap((producer) =>
    producer.metadata.output
      .filter((written) => entry.some((read) => compareTypes(read.uri, written.uri) !== 'other'))
      .map((written) => ({ producer, written })),
  );
  const nearest = writers.at(-1);
  if (!nearest) {
    const isNeeded = entry.some(({ required }) => required) && !entry.some(isDocument);
    if (!isNeeded) return [];
    const sentence = `${app.name} needs ${named(entry)}, but no app before it writes one. Add an app that writes it before ${app.name}.`;
    return [{ level: 'warning', sentence }];
  }
  return typeFindings(app, entry, nearest);
}

function typeFindings(
  app: PipelineApp,
  entry: readonly AppType[],
  { producer, written }: { producer: PipelineApp; written: AppType },
): Finding[] {
  const relations = entry.map(({ uri }) => compareTypes(uri, written.uri));
  const type = shortType(written.uri);
  if (relations.includes('same')) return [];
  if (relations.includes('other-vocabulary')) {
    const knowsNew = isAtLeast(app.metadata.mmifVersion, FIRST_WITH_NEW_VOCABULARY);
    if (vocabularyOf(written.uri) !== 'new' || knowsNew) return [];
    const sentence =
      `${app.name} does not know the vocabulary in which ${producer.name} writes ${type} and will find nothing. ` +
      `Use a version of ${app.name} for MMIF ${FIRST_WITH_NEW_VOCABULARY} or newer, or an older version of ${producer.name}.`;
    return [{ level: 'warning', sentence }];
  }
  const expected = entry.find(({ uri }) => compareTypes(uri, written.uri) === 'other-version')!;
  const sentence = `${producer.name} writes ${written.uri}, but ${app.name} expects ${expected.uri}. ${app.name} will report a notice and continue.`;
  return [{ level: 'note', sentence }];
}

/** Apps on mmif-python 1.0 fail with a KeyError on long ids in `targets`; newer apps rewrite all ids as long ones. */
function idFindings(app: PipelineApp, before: readonly PipelineApp[]): Finding[] {
  const { mmifVersion } = app.metadata;
  const rewriter = before.findLast(({ metadata }) => isAtLeast(metadata.mmifVersion, FIRST_WITH_LONG_IDS));
  const readsViews = app.metadata.input.some((entry) => entry.some((type) => !isDocument(type)));
  if (!rewriter || !readsViews || mmifVersion === null || isAtLeast(mmifVersion, FIRST_WITH_LONG_IDS)) return [];
  const sentence =
    `${app.name} is built for MMIF ${mmifVersion} and may fail on the ids that ${rewriter.name} writes (v_0:tf_1). ` +
    `Put ${app.name} before ${rewriter.name}, or use a newer version of ${app.name}.`;
  return [{ level: 'warning', sentence }];
}

/**
 * The vocabulary of a pipeline's source documents: the new one only when every app reads its documents under it,
 * because apps on mmif-python up to 1.1 find nothing there, while newer ones know both.
 */
export function sourceVocabulary(apps: readonly AppMetadata[]): 'old' | 'new' {
  const documents = apps.flatMap(({ input }) => input.flat()).filter(isDocument);
  return documents.length > 0 && documents.every(({ uri }) => vocabularyOf(uri) === 'new') ? 'new' : 'old';
}
