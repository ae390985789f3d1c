/** The same text with "\n" at the end of every line, whatever ended it before. */
export async function* unixLines(text: AsyncIterable<string>): AsyncGenerator<string> {
  let isCut = false;
  for await (const piece of text) {
    // The two letters of a line end may come in two pieces.
    const rest = isCut && piece.startsWith('\n') ? piece.slice(1) : piece;
    if (piece !== '') isCut = piece.endsWith('\r');
    yield rest.replaceAll(/\r\n?/g, '\n');
  }
}
