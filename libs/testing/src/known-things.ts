/** Kinds of existing objects, so that requests get beyond 404. */
export const THINGS = [
  'batch',
  /** A batch with an error group. */
  'failed batch',
  'failed stage',
  'retried batch',
  /** Drafts whose files are edited, with uploaded inputs, and to be started. */
  'draft',
  'draft with inputs',
  'draft to start',
  /** Batches whose settings are changed. */
  'changed batch',
  /** Batches that do not finish, to be paused ("endless") or cancelled ("spare endless"). */
  'endless',
  'spare endless',
  /** Batches to be deleted; not used otherwise. */
  'spare batch',
  'run',
  /** Runs to be retried; not read otherwise. */
  'spare run',
  'endless run',
  'import',
  'collection',
  'spare collection',
  'pipeline',
  'changed pipeline',
  'pipeline name',
  'guid',
  /** Media files of the draft with inputs. */
  'guid of an input',
  'changed guid',
  /** A file that is not registered as a media file. */
  'media path',
  'app',
  'changed app',
  'app address',
  'fingerprint',
  'stage',
  'version',
  'media token',
  'sign-in code',
  'docs file',
  'problem name',
  'cursor of media files',
  'cursor of batches',
  'cursor of collections',
  'cursor of pipelines',
] as const;
export type Thing = (typeof THINGS)[number];

/** IDs and names of existing objects by kind. */
export type KnownThings = Partial<Readonly<Record<Thing, readonly (string | number)[]>>>;

/** Bindings of parameters: pattern of "METHOD path", location of the parameter, kind, and the share of existing values. */
const PLACES: readonly (readonly [RegExp, string, Thing, number])[] = [
  [/^[A-Z]+ \/api\/batches\/\{id\}/, 'path.id', 'batch', 0.6],
  [/^(PATCH|PUT) \/api\/batches\/\{id\}/, 'path.id', 'changed batch', 0.6],
  [/^[A-Z]+ \/api\/batches\/\{id\}\/(files|inputs|start)/, 'path.id', 'draft', 0.6],
  [/^[A-Z]+ \/api\/batches\/\{id\}\/inputs/, 'path.id', 'draft with inputs', 0.8],
  [/^POST \/api\/batches\/\{id\}\/start$/, 'path.id', 'draft to start', 0.8],
  [/^POST \/api\/batches\/\{id\}\/(pause|resume|hold)$/, 'path.id', 'endless', 0.8],
  [/^POST \/api\/batches\/\{id\}\/hold$/, 'body.stage', 'stage', 0.8],
  [/^POST \/api\/batches\/\{id\}\/cancel$/, 'path.id', 'spare endless', 0.8],
  [/^GET \/api\/batches\/\{id\}\/errors\/./, 'path.id', 'failed batch', 0.9],
  [/^DELETE \/api\/batches\/\{id\}$/, 'path.id', 'spare batch', 0.9],
  [/^[A-Z]+ \/api\/runs\/\{id\}/, 'path.id', 'run', 0.6],
  [/^POST \/api\/runs\/\{id\}\/retry$/, 'path.id', 'spare run', 0.9],
  [/^POST \/api\/batches\/\{id\}\/retry$/, 'path.id', 'retried batch', 0.9],
  [/^POST \/api\/runs\/\{id\}\/cancel$/, 'path.id', 'endless run', 0.6],
  [/^[A-Z]+ \/api\/imports\/\{id\}/, 'path.id', 'import', 0.6],
  [/^[A-Z]+ \/api\/collections\/\{id\}/, 'path.id', 'collection', 0.6],
  [/^DELETE \/api\/collections\/\{id\}$/, 'path.id', 'spare collection', 0.9],
  [/^[A-Z]+ \/api\/pipelines\/\{id\}/, 'path.id', 'pipeline', 0.6],
  [/^PATCH \/api\/pipelines\/\{id\}$/, 'path.id', 'changed pipeline', 0.6],
  [/\{guid\}/, 'path.guid', 'guid', 0.6],
  [/\/inputs\/\{guid\}$/, 'path.guid', 'guid of an input', 0.8],
  [/^PATCH \/api\/media-files\/\{guid\}$/, 'path.guid', 'changed guid', 0.6],
  [/\{slug\}/, 'path.slug', 'app', 0.6],
  [/^(PATCH|POST) \/api\/apps\/\{slug\}/, 'path.slug', 'changed app', 0.6],
  [/\{fingerprint\}/, 'path.fingerprint', 'fingerprint', 0.9],
  [/\{index\}/, 'path.index', 'stage', 0.7],
  [/^GET \/api\/batches\/\{id\}\/errors\/./, 'path.index', 'failed stage', 0.9],
  [/\{version\}/, 'path.version', 'version', 0.7],
  [/\{token\}/, 'path.token', 'media token', 0.7],
  [/^GET \/sign-in/, 'query.code', 'sign-in code', 0.5],
  [/^GET \/api\/docs\/\{file\}/, 'path.file', 'docs file', 0.5],
  [/^GET \/problems\/\{name\}/, 'path.name', 'problem name', 0.5],
  [/^GET \/api\/media-files$/, 'query.cursor', 'cursor of media files', 0.6],
  [/^GET \/api\/batches$/, 'query.cursor', 'cursor of batches', 0.6],
  [/^GET \/api\/collections$/, 'query.cursor', 'cursor of collections', 0.6],
  [/^GET \/api\/pipelines$/, 'query.cursor', 'cursor of pipelines', 0.6],
  [/^POST \/api\/batches$/, 'body.pipeline', 'pipeline name', 0.7],
  [/^POST \/api\/batches$/, 'body.files[*]', 'guid', 0.7],
  [/^POST \/api\/batches$/, 'body.collection', 'collection', 0.7],
  [/^POST \/api\/batches\/combine$/, 'body.batches[*]', 'batch', 0.7],
  [/^POST \/api\/(batches|collections)\/\{id\}\/files$/, 'body.add[*]', 'guid', 0.7],
  [/^POST \/api\/collections$/, 'body.files[*]', 'guid', 0.5],
  [/^POST \/api\/apps$/, 'body.url', 'app address', 0.5],
  [/^POST \/api\/media-files$/, 'body.path', 'media path', 0.7],
  [/^POST \/api\/pipelines/, 'body.stages[*].app', 'app', 0.7],
];

/** Properties of every JavaScript object: a careless lookup in a table finds them. */
const INHERITED = ['constructor', '__proto__'];
const KNOWN_FOR_EACH = 3;

function withInherited(values: readonly (string | number)[]): readonly (string | number)[] {
  if (values.every((value) => typeof value === 'number')) return values;
  const length = Math.max(values.length, KNOWN_FOR_EACH * INHERITED.length);
  return [...Array.from({ length }, (_, place) => values[place % values.length]!), ...INHERITED];
}

/** The bindings of an operation to existing things, by location of the parameter. */
export function bindingsOf(things: KnownThings, operation: string): Map<string, { thing: Thing; share: number }> {
  const matching = PLACES.filter(([pattern, , thing]) => pattern.test(operation) && isKnown(things, thing));
  // The last matching binding is the most specific one.
  return new Map(matching.map(([, place, thing, share]) => [place, { thing, share }]));
}

const isKnown = (things: KnownThings, thing: Thing): boolean => (things[thing]?.length ?? 0) > 0;

/** The schemathesis settings that bind parameters to existing objects; `operations` are names such as "GET /path". */
export function settingsOf(things: KnownThings, operations: readonly string[]): string {
  const dictionaries = THINGS.filter((thing) => isKnown(things, thing)).map(
    (thing) => `[dictionaries.${keyOf(thing)}]\nvalues = ${JSON.stringify(withInherited(things[thing]!))}\n`,
  );
  const bindings = operations.flatMap((operation) => {
    const places = bindingsOf(things, operation);
    if (places.size === 0) return [];
    const lines = [...places].map(
      ([place, { thing, share }]) => `"${place}" = { dictionary = "${keyOf(thing)}", probability = ${share} }`,
    );
    return [
      `[[operations]]\ninclude-name = ${JSON.stringify(operation)}\n[operations.parameters]\n${lines.join('\n')}\n`,
    ];
  });
  return [...dictionaries, ...bindings].join('\n');
}

const keyOf = (thing: Thing): string => thing.replaceAll(' ', '-');
