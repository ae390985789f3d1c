import type { ApiRoute } from './api-route.js';

/** A group of operations, as the pages show it. */
interface Tag {
  readonly name: string;
  readonly description: string;
}

const TAGS = {
  media: { name: 'Media files', description: 'What there is to work on: search, import, play.' },
  collections: { name: 'Collections', description: 'Media files that belong together.' },
  apps: { name: 'Apps', description: 'CLAMS apps, and what is set for them.' },
  pipelines: { name: 'Pipelines', description: 'Apps one behind the other, in versions that do not change.' },
  batches: { name: 'Batches', description: 'Media files on their way through a pipeline: make, estimate, start.' },
  runs: { name: 'Runs and errors', description: 'How it goes with each file, and what has failed.' },
  operating: { name: 'Operating', description: 'Pause, resume, cancel, try again, and ask why nothing happens.' },
  documents: { name: 'Documents and exports', description: 'What the apps have found: MMIF, subtitles, tables, zips.' },
  retention: { name: 'Retention', description: 'What is kept, for how long, and how much room it takes.' },
  access: { name: 'People', description: 'Who is there, and who did what.' },
  interface: { name: 'This interface', description: 'Its description, its problems, and whether it is well.' },
} as const satisfies Record<string, Tag>;

/** The first that fits counts. */
const PLACES: readonly (readonly [RegExp, Tag])[] = [
  [/^\/api\/(batches\/\{id\}\/)?(retention|usage|deletion)$/, TAGS.retention],
  [/\/(document|summary|index|export)$/, TAGS.documents],
  [/\/(pause|resume|cancel|retry|explain)$/, TAGS.operating],
  [/^\/api\/(runs|batches\/\{id\}\/(runs|errors|cells))(\/|$)/, TAGS.runs],
  [/^\/(media|api\/media-files|api\/imports)(\/|$)/, TAGS.media],
  [/^\/api\/collections(\/|$)/, TAGS.collections],
  [/^\/api\/apps(\/|$)/, TAGS.apps],
  [/^\/api\/pipelines(\/|$)/, TAGS.pipelines],
  [/^\/api\/batches(\/|$)/, TAGS.batches],
  [/^\/(sign-in|api\/session|api\/actions)$/, TAGS.access],
  [/./, TAGS.interface],
];

/** All groups, in the order in which work goes. */
export const tags: readonly Tag[] = Object.values(TAGS);

/** Name of the group of a route. */
export const tagOf = ({ path }: Pick<ApiRoute, 'path'>): string =>
  PLACES.find(([pattern]) => pattern.test(path))![1].name;
