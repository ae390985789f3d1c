const NEWLINE = 10;
// Shared, because constructing one costs as much as encoding a line.
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Joins a JSON head line and the bytes that follow it, unchanged, into one message body. */
export function encodeBody(head: unknown, rest?: Uint8Array): Uint8Array {
  const line = encoder.encode(`${JSON.stringify(head)}\n`);
  if (!rest || rest.byteLength === 0) return line;
  const body = new Uint8Array(line.byteLength + rest.byteLength);
  body.set(line);
  body.set(rest, line.byteLength);
  return body;
}

/** Splits a message body at its first newline; throws SyntaxError when the first line is not valid JSON. */
export function decodeBody(body: Uint8Array): { head: unknown; rest: Uint8Array } {
  const end = body.indexOf(NEWLINE);
  const line = end === -1 ? body : body.subarray(0, end);
  return {
    head: JSON.parse(decoder.decode(line)) as unknown,
    rest: end === -1 ? new Uint8Array() : body.subarray(end + 1),
  };
}
