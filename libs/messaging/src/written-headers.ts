import type { MsgHdrs } from 'nats';

const encoder = new TextEncoder();
const LINE_BREAKS = /[\r\n]+/g;

/**
 * Headers of a message that is published and of nothing else: the client asks those for their bytes alone. Its own
 * object looks at each letter of each name and keeps lists, at ten times the cost. Line breaks in values become spaces;
 * names are the caller's, and right. Format: NATS protocol, HPUB.
 */
export function writtenHeaders(...records: readonly Readonly<Record<string, string>>[]): MsgHdrs {
  let text = 'NATS/1.0\r\n';
  for (const record of records) {
    for (const name in record) text += `${name}: ${record[name]!.replaceAll(LINE_BREAKS, ' ')}\r\n`;
  }
  const encoded = { encode: () => encoder.encode(`${text}\r\n`) };
  return encoded as unknown as MsgHdrs;
}
