/** Expressions over `media_files m`; each one is that of an index. */

/** What all spellings of a GUID have in common. */
export const GUID_KEY = `lower(translate(m.guid, '_', '-'))`;

/** GUID and title as they are searched. */
export const SEARCHED = `(' ' || lower(translate(m.guid || ' ' || m.title, '_/', '--')))`;
