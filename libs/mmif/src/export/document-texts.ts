import { documentIds, longId, longReference } from '../model/annotations.js';
import type { Annotation, Mmif } from '../model/mmif.js';
import { member } from '../model/json.js';
import { shortType } from '../model/type-uri.js';
import { textOf } from '../model/annotations.js';
import { toNumber } from '../time/time-unit.js';
import type { PlacedAnnotation, Timeline } from '../time/timeline.js';

const SURROGATE = /[\uD800-\uDFFF]/;

/** A part of a text: the long id of its TextDocument, and positions in code points, as in MMIF. */
export interface TextRange {
  readonly document: string;
  readonly from: number;
  readonly to: number;
}

/** Finds the texts of annotations in an MMIF document. */
export class DocumentTexts {
  readonly #documents: ReadonlySet<string>;
  readonly #texts = new Map<string, string>();
  readonly #codePoints = new Map<string, readonly string[]>();
  readonly #timeline: Timeline;

  constructor(mmif: Mmif, timeline: Timeline) {
    this.#timeline = timeline;
    this.#documents = documentIds(mmif);
    const collect = (annotation: Annotation, id: string) => {
      const text = shortType(annotation['@type']) === 'TextDocument' ? textOf(annotation) : null;
      if (text !== null) this.#texts.set(id, text);
    };
    for (const document of mmif.documents) collect(document, document.properties.id);
    for (const view of mmif.views) {
      for (const annotation of view.annotations) collect(annotation, longId(view.id, annotation.properties.id));
    }
  }

  /** The part of a text to which an annotation refers; null for one without positions, and for a TextDocument itself. */
  rangeOf(placed: PlacedAnnotation): TextRange | null {
    const { '@type': type, properties } = placed.annotation;
    const [from, to] = [toNumber(member(properties, 'start')), toNumber(member(properties, 'end'))];
    const document = this.#timeline.property(placed, 'document');
    if (from === null || to === null || typeof document !== 'string' || shortType(type) === 'TextDocument') return null;
    return { document: longReference(placed.view.id, document, this.#documents), from, to };
  }

  /** The text of an annotation, from its own properties or from the part of a text to which it refers; else null. */
  textOf(placed: PlacedAnnotation): string | null {
    const { '@type': type, properties } = placed.annotation;
    if (shortType(type) === 'TextDocument') return textOf(placed.annotation);
    for (const name of ['text', 'word']) {
      const own = member(properties, name);
      if (typeof own === 'string' && own !== '') return own;
    }
    const range = this.rangeOf(placed);
    return range && this.#slice(range);
  }

  #slice({ document, from, to }: TextRange): string | null {
    const text = this.#texts.get(document);
    if (text === undefined) return null;
    if (!SURROGATE.test(text)) return text.slice(from, to) || null;
    let points = this.#codePoints.get(document);
    if (!points) this.#codePoints.set(document, (points = Array.from(text)));
    return points.slice(from, to).join('') || null;
  }
}
