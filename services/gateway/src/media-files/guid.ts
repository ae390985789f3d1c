/** Characters of a GUID, chosen so that every GUID can be part of a file name. */
const GUID = /^[A-Za-z0-9_-]{1,128}$/;
/** Prefix of American Archive GUIDs, in every spelling. */
const AAPB = /cpb[-_ ]?aacip(?:[-_/ ]|%2f)/i;
/** The rest of such a GUID: an optional organisation number, then the item. */
const AAPB_ITEM = /^(?:\d+[-_/])?[a-z0-9]+(?:-[a-z0-9]+)*/i;
const SECOND_COPY = /-dupe\d*$/i;

/** Quotes, spaces, byte order marks and Excel's `="…"` around a text. */
const SURROUNDINGS = /^[\s\ufeff\u200b"'=<([]+|[\s\ufeff\u200b"'>)\],;]+$/g;
const DASHES = /[\u2010-\u2015\u2212]/g;

/**
 * Reads a GUID in any spelling from a GUID, a file name, a path or a URL; null when the text contains none.
 * `cpb-aacip/507-x`, `cpb-aacip_507-x`, `CPB-AACIP-507-x_01.mp4` and `https://…/catalog/cpb-aacip-507-x?a=b` are all
 * `cpb-aacip-507-x`.
 */
export function readGuid(text: string): string | null {
  const bare = text.replace(SURROUNDINGS, '').replace(DASHES, '-');
  const begin = AAPB.exec(bare);
  if (begin) return readArchiveGuid(bare.slice(begin.index + begin[0].length), GUID.test(bare));
  const name = bare.split(/[/\\]/).at(-1)!.split('.', 1)[0]!;
  return GUID.test(name) ? name : null;
}

/** `rest` follows the prefix. In a file name, an underscore ends the GUID. */
function readArchiveGuid(rest: string, isBare: boolean): string | null {
  const item = AAPB_ITEM.exec(isBare ? rest.replaceAll('_', '-') : rest)?.[0].replace(SECOND_COPY, '');
  if (!item) return null;
  const guid = `cpb-aacip-${item.replaceAll(/[_/]/g, '-').toLowerCase()}`;
  return GUID.test(guid) ? guid : null;
}

/** Key that all spellings of a GUID share. The SQL expression `GUID_KEY` in libs/database computes the same key. */
export const guidKey = (guid: string): string => guid.replaceAll('_', '-').toLowerCase();
