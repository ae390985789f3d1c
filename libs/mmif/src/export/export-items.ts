import { longId } from '../model/annotations.js';
import { member } from '../model/json.js';
import type { Annotation, Mmif } from '../model/mmif.js';
import { shortType } from '../model/type-uri.js';
import { type PlacedAnnotation, placedIn, Timeline } from '../time/timeline.js';
import { DocumentTexts } from './document-texts.js';
import { type TextTime, TextTimes } from './text-times.js';

/*
 * The one list that all export formats are written from: the annotations of each view, with their texts and times. The
 * writers (`speech`, `plain-text`, `annotation-rows`) only select and arrange its items.
 */

/** An annotation with the data that export formats need. Texts, labels and times are computed on access. */
export interface ExportItem {
  readonly annotation: Annotation;
  /** Short type, such as `TimeFrame`. */
  readonly type: string;
  /** Long id. */
  readonly id: string;
  readonly label: string | null;
  /** From its own properties or from the part of a text to which it refers; else null. */
  readonly text: string | null;
  /** Its own time, else that of the items aligned with it, else that of its targets; else null. */
  readonly directTime: TextTime | null;
  /** As `directTime`, else the time of the part of a text to which it refers. */
  readonly time: TextTime | null;
  /** The annotations that it lists as its targets. */
  readonly targets: readonly ExportItem[];
}

/** A view with its annotations, in the order of the document. */
export interface ExportView {
  readonly id: string;
  readonly app: string;
  readonly items: readonly ExportItem[];
}

/** `frameType` and `boxType` are written by older apps, `category` on named entities. */
const LABELS = ['label', 'frameType', 'boxType', 'category'];

/** The views of a document, in its order. */
export function exportViews(mmif: Mmif): ExportView[] {
  const timeline = new Timeline(mmif);
  const texts = new DocumentTexts(mmif, timeline);
  const sources = { timeline, texts, times: new TextTimes(mmif, timeline, texts) };
  return mmif.views.map((view) => ({
    id: view.id,
    app: view.metadata.app,
    items: Array.from(placedIn(view), (placed) => new Item(placed, sources)),
  }));
}

interface Sources {
  readonly timeline: Timeline;
  readonly texts: DocumentTexts;
  readonly times: TextTimes;
}

class Item implements ExportItem {
  readonly #placed: PlacedAnnotation;
  readonly #sources: Sources;

  constructor(placed: PlacedAnnotation, sources: Sources) {
    this.#placed = placed;
    this.#sources = sources;
  }

  get annotation(): Annotation {
    return this.#placed.annotation;
  }

  get type(): string {
    return shortType(this.annotation['@type']);
  }

  get id(): string {
    return longId(this.#placed.view.id, this.annotation.properties.id);
  }

  get label(): string | null {
    for (const name of LABELS) {
      const label = member(this.annotation.properties, name) ?? this.#sources.timeline.property(this.#placed, name);
      if (typeof label === 'string' && label !== '') return label;
    }
    return null;
  }

  get text(): string | null {
    return this.#sources.texts.textOf(this.#placed);
  }

  get directTime(): TextTime | null {
    return this.#sources.times.directTime(this.#placed);
  }

  get time(): TextTime | null {
    return this.#sources.times.timeOf(this.#placed);
  }

  get targets(): ExportItem[] {
    return this.#sources.times.targets(this.#placed).map((target) => new Item(target, this.#sources));
  }
}
