import { tooManyLines } from './import-problems.js';

/** Groups items into chunks of `size`; throws ProblemError when there are more than `max`. */
export async function* inChunks<Item>(items: AsyncIterable<Item>, size: number, max: number): AsyncGenerator<Item[]> {
  let chunk: Item[] = [];
  let count = 0;
  for await (const item of items) {
    count += 1;
    if (count > max) throw tooManyLines(max);
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
