/** What a GUID may be; anything else could not be part of a file name. */
const GUID = /^[A-Za-z0-9_-]{1,128}$/;
/** How GUIDs of the American Archive begin, in each spelling. */
const AAPB = /cpb[-_ ]?aacip(?:[-_/ ]|%2f)/i;
/** What follows: an organisation's number or nothing, then the item. */
const AAPB_ITEM = /^(?:\d+[-_/])?[a-z0-9]+(?:-[a-z0-9]+)*/i;
const SECOND_COPY = /-dupe\d*$/i;

/** Quotes, blanks, byte order marks and `="…"` of Excel around a text. */
const AROUND = /^[\s\ufeff\u200b"'=<([]+|[\s\ufeff\u200b"'>)\],;]+$/g;
const DASHES = /[\u2010-\u2015\u2212]/g;

/**
 * The GUID that a text names: a GUID in any spelling, a file name, a path or an address. Null when it names none.
 * `cpb-aacip/507-x`, `cpb-aacip_507-x`, `CPB-AACIP-507-x_01.mp4` and `https://…/catalog/cpb-aacip-507-x?a=b` are all
 * `cpb-aacip-507-x`.
 */
export function readGuid(text: string): string | null {
  const bare = text.replace(AROUND, '').replace(DASHES, '-');
  const begin = AAPB.exec(bare);
  if (begin) return readArchiveGuid(bare.slice(begin.index + begin[0].length), GUID.test(bare));
  const name = bare.split(/[/\\]/).at(-1)!.split('.', 1)[0]!;
  return GUID.test(name) ? name : null;
}

/** `rest` follows the prefix; in a file name, an underscore begins what is not of the GUID. */
function readArchiveGuid(rest: string, isBare: boolean): string | null {
  const item = AAPB_ITEM.exec(isBare ? rest.replaceAll('_', '-') : rest)?.[0].replace(SECOND_COPY, '');
  if (!item) return null;
  const guid = `cpb-aacip-${item.replaceAll(/[_/]/g, '-').toLowerCase()}`;
  return GUID.test(guid) ? guid : null;
}

/** What two spellings of one GUID have in common; the same as the database finds media files by. */
export const guidKey = (guid: string): string => guid.replaceAll('_', '-').toLowerCase();
