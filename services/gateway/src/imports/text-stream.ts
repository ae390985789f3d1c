/** Number of characters that are read ahead to detect the format of a text. */
const HEAD_LENGTH = 64 * 1024;

/** The beginning of a streamed text, and a stream of the whole text including that beginning. */
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

/** The text without its first `length` characters, all of which are in the first piece. */
export async function* withoutBeginning(text: AsyncIterable<string>, length: number): AsyncGenerator<string> {
  let rest = length;
  for await (const piece of text) {
    yield piece.slice(rest);
    rest = 0;
  }
}

/** The text with every line ending (`\r\n`, `\r`) replaced by `\n`. */
export async function* unixLines(text: AsyncIterable<string>): AsyncGenerator<string> {
  let endsWithReturn = false;
  for await (const piece of text) {
    // A `\r\n` may be split between two pieces.
    const rest = endsWithReturn && piece.startsWith('\n') ? piece.slice(1) : piece;
    if (piece !== '') endsWithReturn = piece.endsWith('\r');
    yield rest.replaceAll(/\r\n?/g, '\n');
  }
}

async function* joined(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield head;
  yield* { [Symbol.asyncIterator]: () => rest };
}
