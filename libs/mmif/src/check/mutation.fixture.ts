import { APP, type LooseAnnotation, type LooseMmif, type LooseView, OLD } from './mmif-arbitrary.fixture.js';

/** Makes one change in place, at a position that `choice` selects; false when the document has no such position. */
type Mutation = (answer: LooseMmif, choice: number) => boolean;

const pick = <Item>(items: readonly Item[], choice: number): Item | undefined => items[choice % items.length];

/** The views of the input; new views of the fixture have no timestamp. */
const earlier = ({ views }: LooseMmif): LooseView[] => views.filter(({ metadata }) => 'timestamp' in metadata);
const annotated = (answer: LooseMmif): LooseAnnotation[] =>
  earlier(answer)
    .flatMap(({ annotations }) => annotations)
    .filter(({ properties }) => !String(properties['id']).endsWith('an_99'));

const on =
  <Item>(
    find: (answer: LooseMmif) => readonly Item[],
    change: (item: Item, answer: LooseMmif, choice: number) => boolean | void,
  ): Mutation =>
  (answer, choice) => {
    const item = pick(find(answer), choice);
    return item !== undefined && change(item, answer, choice) !== false;
  };

/** Whether SDKs may omit a value. */
const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || (typeof value === 'object' && Object.values(value as object).every(isEmpty));

/** Another value of the same kind. */
function other(value: unknown): unknown {
  if (typeof value === 'number') return value === 0 ? 1 : 0;
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return [...value, 'more'];
  return typeof value === 'object' && value !== null ? { ...value, more: 1 } : `${String(value)}x`;
}

const changeProperty = ({ properties }: LooseAnnotation, _: LooseMmif, choice: number): boolean => {
  const name = pick(
    Object.keys(properties).filter((key) => key !== 'id'),
    choice,
  );
  if (name === undefined) return false;
  Object.defineProperty(properties, name, { value: other(properties[name]) });
  return true;
};

const loseProperty = ({ properties }: LooseAnnotation, _: LooseMmif, choice: number): boolean => {
  const name = pick(
    Object.keys(properties).filter((key) => key !== 'id' && !isEmpty(properties[key])),
    choice,
  );
  return name !== undefined && delete properties[name];
};

const remove = <Item>(items: Item[], item: Item): void => void items.splice(items.indexOf(item), 1);

/** Single changes that no SDK makes and that make an answer invalid. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'a document is lost': on(
    ({ documents }) => documents,
    (document, { documents }) => remove(documents, document),
  ),
  'a document is added': (answer) => {
    answer.documents.push({ '@type': `${OLD}/TextDocument/v1`, properties: { id: 'd9', text: { '@value': 'x' } } });
    return true;
  },
  'a property of a document is changed': on(({ documents }) => documents, changeProperty),
  'a property of a document is lost': on(({ documents }) => documents, loseProperty),
  'a document is of another type': on(
    ({ documents }) => documents,
    (document) => void (document['@type'] = `${OLD}/AudioDocument/v1`),
  ),
  'documents are in another order': (answer) => {
    answer.documents.reverse();
    return true;
  },
  'the metadata is changed': (answer) => {
    answer.metadata['more'] = 1;
    return true;
  },
  'a view is lost': on(earlier, (view, { views }) => remove(views, view)),
  'two views are in another order': (answer) => {
    const [first, second] = earlier(answer);
    if (!first || !second) return false;
    remove(answer.views, first);
    answer.views.splice(answer.views.indexOf(second) + 1, 0, first);
    return true;
  },
  'a view is of another app': on(earlier, ({ metadata }) => void (metadata.app = 'http://apps.clams.ai/other/v1')),
  'a view is of another time': on(earlier, ({ metadata }) => void (metadata['timestamp'] = '2026-01-02T00:00:00')),
  'a parameter of a view is changed': on(
    earlier,
    ({ metadata }) => void (metadata['appConfiguration'] = { stopAt: 1 }),
  ),
  'an error of a view is changed': on(
    (answer) => earlier(answer).filter(({ metadata }) => metadata['error']),
    ({ metadata }) => void (metadata['error'] = { message: 'bang' }),
  ),
  'a shared property of annotations is changed': on(
    (answer) => earlier(answer).flatMap(({ metadata }) => Object.values(metadata.contains ?? {})),
    (shared) => {
      if (!('timeUnit' in shared)) return false;
      shared['timeUnit'] = 'frames';
      return true;
    },
  ),
  'a property of a type without annotations is changed': on(
    (answer) =>
      earlier(answer).flatMap(({ metadata: { contains = {} } }) => {
        const shared = contains[`${OLD}/Polygon/v1`];
        return shared ? [shared] : [];
      }),
    (shared) => void (shared['document'] = 'd2'),
  ),
  'an annotation is lost': (answer, choice) => {
    const annotation = pick(annotated(answer), choice);
    if (!annotation) return false;
    for (const { annotations } of answer.views) if (annotations.includes(annotation)) remove(annotations, annotation);
    return true;
  },
  'an annotation is added to an earlier view': on(
    (answer) => earlier(answer).filter(({ metadata }) => metadata.contains),
    ({ annotations }) =>
      void annotations.push({ '@type': `${OLD}/TimeFrame/v1`, properties: { id: 'y_1', start: 0, end: 1 } }),
  ),
  'an annotation is of another type': on(annotated, (annotation) => void (annotation['@type'] = `${OLD}/Polygon/v1`)),
  'an annotation has another id': on(
    annotated,
    ({ properties }) => void (properties['id'] = `${String(properties['id'])}9`),
  ),
  'a property of an annotation is changed': on(annotated, changeProperty),
  'a property of an annotation is lost': on(annotated, loseProperty),
  'a property of an annotation is added': on(annotated, ({ properties }) => void (properties['more'] = 1)),
  'a new view has the id of a document': on(
    ({ views }) => views.slice(-1),
    (view) => void (view.id = 'd1'),
  ),
  'a new view has the id of an earlier one': on(earlier, ({ id }, { views }) => {
    views.push({ id, metadata: { app: APP, contains: {} }, annotations: [] });
  }),
  'a new annotation has the id of an earlier one': on(earlier, ({ id, annotations }, { views }) => {
    const taken = annotations[0]?.properties['id'];
    if (taken === undefined) return false;
    const long = String(taken).includes(':') ? String(taken) : `${id}:${String(taken)}`;
    views.at(-1)!.annotations.push({ '@type': `${OLD}/TimeFrame/v1`, properties: { id: long, start: 0, end: 1 } });
    return true;
  }),
  'there is no new view': (answer) => {
    answer.views = earlier(answer);
    return true;
  },
  'a new view is signed by another app': (answer) => {
    answer.views.at(-1)!.metadata.app = 'http://apps.clams.ai/other/v1';
    return true;
  },
};
