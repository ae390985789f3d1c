import type { MsgHdrs } from 'nats';

const encoder = new TextEncoder();
const LINE_BREAKS = /[\r\n]+/g;

/**
 * Headers for publishing only: the client needs nothing but their encoded bytes. The client's own headers object checks
 * each character of each name and keeps lists, at ten times the cost. Line breaks in values become spaces; names must
 * be valid. Format: NATS protocol, HPUB.
 */
export function encodedHeaders(...records: readonly Readonly<Record<string, string>>[]): MsgHdrs {
  let text = 'NATS/1.0\r\n';
  for (const record of records) {
    for (const name in record) text += `${name}: ${record[name]!.replaceAll(LINE_BREAKS, ' ')}\r\n`;
  }
  const encoded = { encode: () => encoder.encode(`${text}\r\n`) };
  return encoded as unknown as MsgHdrs;
}
