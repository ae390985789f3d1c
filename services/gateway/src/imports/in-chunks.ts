import { ProblemError } from '../http/problem-error.js';

/** Items in chunks of a size; throws ProblemError when there are more than `max`. */
export async function* inChunks<Item>(items: AsyncIterable<Item>, size: number, max: number): AsyncGenerator<Item[]> {
  let chunk: Item[] = [];
  let count = 0;
  for await (const item of items) {
    count += 1;
    if (count > max) throw tooMany(max);
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

const tooMany = (max: number) =>
  new ProblemError(
    413,
    'too-many-lines',
    'The list is too long',
    `Send at most ${max} media files at once; nothing was imported. Cut the list into several.`,
  );
