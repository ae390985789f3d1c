import { z } from 'zod';

/** What a parameter of a query is for, by its name; where one name serves several lists, it means the same in all. */
const WORDS: Readonly<Record<string, string>> = {
  batch: 'Number of a batch; also of one that is deleted.',
  archived: 'Whether archived ones are in the list: not at all unless asked for.',
  attempt: 'The try whose document is meant, as the list of attempts names it; left out: the newest.',
  code: 'The code of the link.',
  collection: 'Number of a collection: only what is in it.',
  cursor: 'The `next` of the page before; left out: the first page.',
  download: 'Has the browser save the document instead of showing it.',
  dryRun: 'Tells what would happen, and changes nothing.',
  fingerprint: 'Only failures of this group.',
  format: 'The form in which the document is sent.',
  formats: 'The forms that go into the zip, separated by commas.',
  from: 'Number of the older version; left out: the one before `to`.',
  guid: 'Only the media file with this GUID.',
  limit: 'Rows of a page.',
  mark: 'Only what has this mark.',
  query: 'Words that all have to be found.',
  result: 'Only lines of which this became.',
  stage: 'Place of a stage, from 0.',
  stages: 'The newest document of each run, or those of all its stages.',
  state: 'Only what is in this state.',
  status: 'Only media files whose newest run is in this state.',
  to: 'Number of the newer version; left out: the newest.',
  trial: 'Only the first files, this many.',
  update: 'Also changes files that are there already.',
};

/** A query whose parameters all say what they are for. */
export function describedQuery(query: z.ZodObject): z.ZodObject {
  const described = Object.entries(query.shape).flatMap(([name, schema]) => {
    const words = WORDS[name];
    return words === undefined || schema.description !== undefined
      ? []
      : [[name, (schema as z.ZodType).meta({ ...schema.meta(), description: words })] as const];
  });
  return query.extend(Object.fromEntries(described));
}
