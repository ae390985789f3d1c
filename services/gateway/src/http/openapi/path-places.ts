import { z } from 'zod';
import { IdPipe } from '../id.pipe.js';
import { unknownName } from '../problem-error.js';
import type { ProblemName } from '../problem-types.js';
import type { PathPlace } from './api-route.js';

/** What an id in a path names, and the problem of one that names nothing; null for what is no id. */
export function idPlace({ pipes }: PathPlace): { noun: string; max: number; problem: ProblemName } | null {
  const pipe = pipes.find((candidate) => candidate instanceof IdPipe);
  return pipe ? { noun: pipe.noun, max: pipe.max, problem: unknownName(pipe.noun) } : null;
}

/** Schema of what fills a place in a path. */
export function placeSchema(place: PathPlace): z.ZodType {
  const id = idPlace(place);
  if (id)
    return z
      .int()
      .min(0)
      .max(id.max)
      .meta({ description: `Number of the ${id.noun}.` });
  return z
    .string()
    .min(1)
    .meta({ description: DESCRIPTIONS[place.name] ?? place.name });
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  slug: 'Slug of the app, as the list of apps has it.',
  guid: 'GUID of the media file.',
  fingerprint: 'Fingerprint of the group of errors.',
  token: 'The signed part of the link.',
  name: 'Name of the problem, the last part of its type.',
  file: 'Name of the file.',
};
