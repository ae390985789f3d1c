import { compareTypes, shortType, vocabularyOf } from '#libs/mmif';
import type { AppMetadata, AppType } from '../metadata/app-metadata.js';
import { isAtLeast } from '../metadata/mmif-version.js';

/** One app of a pipeline, in its order. */
export interface PipelineApp {
  /** How people call it. */
  readonly name: string;
  readonly metadata: AppMetadata;
}

/** Something about a pipeline that its author should know; the sentence says what to do. */
export interface PipelineFinding {
  /** Stage at which it shows, from 0. */
  readonly stage: number;
  /** A `warning` will spoil results; a `note` will not. */
  readonly level: 'warning' | 'note';
  readonly sentence: string;
}

/** MMIF 1.1.0 brought annotation ids that begin with their view's (`v_0:tf_1`). */
const FIRST_WITH_LONG_IDS = '1.1.0';
/** MMIF 1.1.1 moved the vocabulary to `clams.ai/vocabulary/type`. */
const FIRST_WITH_NEW_VOCABULARY = '1.1.1';

export const DOCUMENT_TYPES = ['VideoDocument', 'AudioDocument', 'TextDocument', 'ImageDocument'] as const;
const isDocument = ({ uri }: AppType): boolean => (DOCUMENT_TYPES as readonly string[]).includes(shortType(uri));
const named = (types: readonly AppType[]): string => types.map(({ uri }) => shortType(uri)).join(' or ');

/**
 * What is odd about the order of these apps: inputs that nobody writes, types of a vocabulary or version that a later
 * app does not know, ids that an older SDK cannot read. Metadata may be wrong, so nothing of it forbids the pipeline.
 */
export const checkPipeline = (apps: readonly PipelineApp[]): PipelineFinding[] =>
  apps.flatMap((app, stage) => {
    const before = apps.slice(0, stage);
    const say = ({ level, sentence }: Omit<PipelineFinding, 'stage'>) => ({ stage, level, sentence });
    return [
      ...app.metadata.input.flatMap((entry) => inputFindings(app, entry, before)),
      ...idFindings(app, before),
    ].map(say);
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
    const sentence = `${app.name} needs ${named(entry)}, and no app before it writes one: put an app that does before it.`;
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
      `${app.name} does not know the vocabulary in which ${producer.name} writes ${type} and will find nothing: ` +
      `use a version of ${app.name} made for MMIF ${FIRST_WITH_NEW_VOCABULARY} or newer, or an older one of ${producer.name}.`;
    return [{ level: 'warning', sentence }];
  }
  const asked = entry.find(({ uri }) => compareTypes(uri, written.uri) === 'other-version')!;
  const sentence = `${producer.name} writes ${written.uri}, ${app.name} asks for ${asked.uri}: it will say so in a notice and go on.`;
  return [{ level: 'note', sentence }];
}

/** Apps on mmif-python 1.0 fail with a KeyError on long ids in `targets`, and newer apps make all ids long. */
function idFindings(app: PipelineApp, before: readonly PipelineApp[]): Finding[] {
  const { mmifVersion } = app.metadata;
  const rewriter = before.findLast(({ metadata }) => isAtLeast(metadata.mmifVersion, FIRST_WITH_LONG_IDS));
  const readsViews = app.metadata.input.some((entry) => entry.some((type) => !isDocument(type)));
  if (!rewriter || !readsViews || mmifVersion === null || isAtLeast(mmifVersion, FIRST_WITH_LONG_IDS)) return [];
  const sentence =
    `${app.name} is made for MMIF ${mmifVersion} and may fail on the ids that ${rewriter.name} writes (v_0:tf_1): ` +
    `put ${app.name} before it, or use a newer version.`;
  return [{ level: 'warning', sentence }];
}

/**
 * The vocabulary of a pipeline's source documents: the new one only when every app reads its documents under it,
 * because apps on mmif-python up to 1.1 find nothing there, while newer ones know both.
 */
export function sourceVocabulary(apps: readonly AppMetadata[]): 'old' | 'new' {
  const documents = apps.map(({ input }) => input.flat().filter(isDocument));
  const isNew = (types: readonly AppType[]) =>
    types.length > 0 && types.every(({ uri }) => vocabularyOf(uri) === 'new');
  const readers = documents.filter((types) => types.length > 0);
  return readers.length > 0 && readers.every(isNew) ? 'new' : 'old';
}
