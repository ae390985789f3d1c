/** Letters that are looked at to find out what a text is. */
const HEAD_LENGTH = 64 * 1024;

/** A text that arrives in pieces: its beginning, and all of it once more. */
export async function peekText(text: AsyncIterable<string>): Promise<{ head: string; whole: AsyncIterable<string> }> {
  const pieces = text[Symbol.asyncIterator]();
  let head = '';
  while (head.length < HEAD_LENGTH) {
    const { done, value } = await pieces.next();
    if (done) break;
    head += value;
  }
  return { head, whole: joined(head, pieces) };
}

/** A text without its first letters, which come in its first piece. */
export async function* withoutBeginning(text: AsyncIterable<string>, length: number): AsyncGenerator<string> {
  let rest = length;
  for await (const piece of text) {
    yield piece.slice(rest);
    rest = 0;
  }
}

async function* joined(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield head;
  yield* { [Symbol.asyncIterator]: () => rest };
}
