import fc from 'fast-check';

type Json = Record<string, unknown>;

/** An annotation or document that tests may rewrite. */
export interface LooseAnnotation {
  '@type': string;
  properties: Json;
}

/** A view that tests may rewrite. */
export interface LooseView {
  id: string;
  metadata: Json & { app: string; contains?: Record<string, Json> };
  annotations: LooseAnnotation[];
}

/** An MMIF document that tests may rewrite. */
export interface LooseMmif {
  metadata: Json;
  documents: LooseAnnotation[];
  views: LooseView[];
}

export const OLD = 'http://mmif.clams.ai/vocabulary';
/** The app whose answers the tests check. */
export const APP = 'http://apps.clams.ai/shots/v1';

/** Without names that have a meaning for the SDK, which are generated below; the SDK treats `@x` and `_x` alike. */
const name = fc
  .oneof(fc.string({ minLength: 1, maxLength: 6 }), fc.constantFrom('score', '__proto__', 'constructor', 'note'))
  .filter((text) => !/^[@_](?!_)|^(?:id|label|document|source|target|targets|representatives|text|word)$/.test(text))
  .filter(
    (text) => !/^(?:frameType|boxType|classifications?|location|mime|app|contains|error|warnings|mmif)$/.test(text),
  );
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }).filter((json) => !/"[@_]/.test(JSON.stringify(json))),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const properties = fc.dictionary(name, value, { maxKeys: 4 });
const span = fc.record({ start: fc.nat(), end: fc.nat() });

/** The properties of an annotation, apart from its id; references name annotations of the same view by number. */
const content = fc.oneof(
  fc.record({ type: fc.constant('TimeFrame/v1'), own: span, frameType: fc.constantFrom('bars', 'slate') }),
  fc.record({ type: fc.constant('TimeFrame/v5'), own: span, label: fc.constantFrom('bars', 'slate') }),
  fc.record({ type: fc.constant('TimePoint/v4'), own: fc.record({ timePoint: fc.nat() }) }),
  fc.record({ type: fc.constant('Token/v1'), own: span, word: fc.string({ minLength: 1 }) }),
  fc.record({ type: fc.constant('Alignment/v1'), own: fc.constant({}), source: fc.nat(), target: fc.nat() }),
  fc.record({
    type: fc.constant('TimeFrame/v6'),
    own: fc.constant({}),
    targets: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ type: fc.constant('Annotation/v2'), own: fc.record({ fps: fc.constantFrom(25, 29.97) }) }),
);

const annotations = fc.tuple(fc.array(fc.tuple(content, properties), { maxLength: 5 })).map(([items]) =>
  items.map(([{ type, own, ...named }, others], index): LooseAnnotation => {
    const reference = (number: number) =>
      number % (items.length + 1) === items.length ? 'd1' : `x_${number % items.length}`;
    const resolved = Object.entries(named).map(([key, found]): [string, unknown] => {
      if (typeof found === 'number') return [key, reference(found)];
      return [key, Array.isArray(found) ? found.map((number) => reference(number)) : found];
    });
    const all = { ...others, ...own, ...Object.fromEntries(resolved), id: `x_${index}` };
    return { '@type': `${OLD}/${type}`, properties: all };
  }),
);

const view = fc
  .record({
    app: fc.constantFrom('http://apps.clams.ai/asr/v1', 'http://apps.clams.ai/ocr', APP),
    kind: fc.constantFrom('contains', 'contains', 'contains', 'warnings', 'error'),
    parameters: fc.dictionary(name, fc.string(), { maxKeys: 2 }),
    annotations,
  })
  .map(({ app, kind, parameters, annotations: found }): Omit<LooseView, 'id'> => {
    const common = { app, timestamp: '2026-01-01T00:00:00.5', parameters, appConfiguration: { stopAt: 9e15 } };
    if (kind === 'warnings') return { metadata: { ...common, warnings: ['careful'] }, annotations: [] };
    if (kind === 'error') return { metadata: { ...common, error: { message: 'boom' } }, annotations: [] };
    const types = [...new Set(found.map((annotation) => annotation['@type']))];
    const contains = Object.fromEntries(types.map((type) => [type, { timeUnit: 'seconds', document: 'd1' }]));
    const unused = { [`${OLD}/Polygon/v1`]: { document: 'd1' } };
    return { metadata: { ...common, contains: { ...contains, ...unused } }, annotations: found };
  });

/** Random MMIF documents as old SDKs write them: short ids, old names of properties, unique ids. */
export const mmifArbitrary: fc.Arbitrary<LooseMmif> = fc
  .record({ views: fc.array(view, { maxLength: 4 }), note: value, extra: properties, words: fc.string() })
  .map(({ views, note, extra, words }) => ({
    metadata: { mmif: 'http://mmif.clams.ai/1.0.0', note },
    documents: [
      {
        '@type': `${OLD}/VideoDocument/v1`,
        properties: { ...extra, id: 'd1', mime: 'video', location: '/media/a b(1).mp4' },
      },
      { '@type': `${OLD}/TextDocument/v1`, properties: { id: 'd2', text: { '@value': words, '@language': '' } } },
    ],
    views: views.map((given, index) => ({ id: `v_${index}`, ...given })),
  }));

/** New views of the app, for a document with `count` views. */
export const newViews = (count: number): fc.Arbitrary<LooseView[]> =>
  fc.array(fc.tuple(annotations, fc.boolean()), { minLength: 1, maxLength: 2 }).map((found) =>
    found.map(([items, isWarning], index) => {
      const id = `v_${count + index}`;
      if (isWarning) return { id, metadata: { app: APP, warnings: ['careful'] }, annotations: [] };
      return { id, metadata: { app: APP, contains: {} }, annotations: items };
    }),
  );
