import { Reflector } from '@nestjs/core';

/** Groups of operations, in the order in which the documentation pages show them. */
export const TAGS = {
  media: { name: 'Media files', description: 'Audio, video, images and text: search, import, play.' },
  collections: { name: 'Collections', description: 'Named sets of media files.' },
  apps: { name: 'Apps', description: 'CLAMS apps and their settings.' },
  pipelines: { name: 'Pipelines', description: 'Ordered lists of apps, in immutable versions.' },
  batches: { name: 'Batches', description: 'Media files with a pipeline: create, estimate, start.' },
  runs: { name: 'Runs and errors', description: 'Progress of each file, and failures.' },
  operating: {
    name: 'Operating',
    description: 'Pause, resume, cancel, retry, and find out why work does not progress.',
  },
  documents: { name: 'Documents and exports', description: 'Output of the apps: MMIF, subtitles, tables, zip files.' },
  retention: { name: 'Retention', description: 'Which documents are kept, how long, and how much space they take.' },
  access: { name: 'People', description: 'Session and audit log.' },
  interface: { name: 'This interface', description: 'OpenAPI document, problem types, health.' },
} as const satisfies Record<string, { readonly name: string; readonly description: string }>;

export type TagKey = keyof typeof TAGS;

/** Sets the group of a controller or of one handler; a handler's group replaces that of its controller. */
export const Tag = Reflector.createDecorator<TagKey>();
