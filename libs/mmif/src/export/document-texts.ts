import { documentIds, longId, longReference } from '../ids.js';
import type { Annotation, Mmif } from '../model.js';
import { member } from '../parse-json.js';
import { shortType } from '../short-type.js';
import { textOf } from '../text-of.js';
import { toNumber } from '../time-unit.js';
import type { PlacedAnnotation, Timeline } from '../timeline.js';

const SURROGATE = /[\uD800-\uDFFF]/;

/** A part of a text: the long id of its TextDocument, and positions that count code points, as MMIF does. */
export interface TextRange {
  readonly document: string;
  readonly from: number;
  readonly to: number;
}

/** What the texts of a document and parts of them say. */
export class DocumentTexts {
  readonly #documents: ReadonlySet<string>;
  readonly #texts = new Map<string, string>();
  readonly #codePoints = new Map<string, readonly string[]>();
  readonly #timeline: Timeline;

  constructor(mmif: Mmif, timeline: Timeline) {
    this.#timeline = timeline;
    this.#documents = documentIds(mmif);
    const learn = (annotation: Annotation, id: string) => {
      const text = shortType(annotation['@type']) === 'TextDocument' ? textOf(annotation) : null;
      if (text !== null) this.#texts.set(id, text);
    };
    for (const document of mmif.documents) learn(document, document.properties.id);
    for (const view of mmif.views) {
      for (const annotation of view.annotations) learn(annotation, longId(view.id, annotation.properties.id));
    }
  }

  /** The part of a text that an annotation is about; null for one without positions, and for a text itself. */
  rangeOf(placed: PlacedAnnotation): TextRange | null {
    const { '@type': type, properties } = placed.annotation;
    const [from, to] = [toNumber(member(properties, 'start')), toNumber(member(properties, 'end'))];
    const document = this.#timeline.stated(placed, 'document');
    if (from === null || to === null || typeof document !== 'string' || shortType(type) === 'TextDocument') return null;
    return { document: longReference(placed.view.id, document, this.#documents), from, to };
  }

  /** What an annotation says, by its own properties or by the part of a text that it names; null when it says nothing. */
  said(placed: PlacedAnnotation): string | null {
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
