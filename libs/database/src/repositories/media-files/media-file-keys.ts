/** Expressions over `media_files m`; each matches an index. */

/** The key that all spellings of a GUID share. */
export const GUID_KEY = `lower(translate(m.guid, '_', '-'))`;

/** GUID and title in the form that is searched. */
export const SEARCHED = `(' ' || lower(translate(m.guid || ' ' || m.title, '_/', '--')))`;
