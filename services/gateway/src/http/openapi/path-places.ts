import { z } from 'zod';
import { IdPipe } from '../id.pipe.js';
import { unknownName } from '../problem-error.js';
import type { ProblemName } from '../problem-types.js';
import type { PathPlace } from './api-route.js';

/** Noun, maximum and 404 problem of a numeric ID in a path; null for other parameters. */
export function idPlace({ pipes }: PathPlace): { noun: string; max: number; problem: ProblemName } | null {
  const pipe = pipes.find((candidate) => candidate instanceof IdPipe);
  return pipe ? { noun: pipe.noun, max: pipe.max, problem: unknownName(pipe.noun) } : null;
}

/** Schema of a path parameter. */
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
  slug: 'Slug of the app, as in the list of apps.',
  guid: 'GUID of the media file.',
  fingerprint: 'Fingerprint of the error group.',
  token: 'The signed part of the link.',
  name: 'Last part of the problem type.',
  file: 'Name of the file.',
};
