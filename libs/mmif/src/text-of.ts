import type { Annotation } from './model.js';
import { isObject, member } from './parse-json.js';

/** What a TextDocument says; null when it stands elsewhere. MMIF 0.4 wrote it as `text_value`. */
export function textOf({ properties }: Annotation): string | null {
  const text = member(properties, 'text');
  const value = isObject(text) ? text['@value'] : member(properties, 'text_value');
  return typeof value === 'string' ? value : null;
}
