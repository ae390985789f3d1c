import { AnnotationIndex } from './annotation-index.js';
import { longId } from '../model/annotations.js';
import { type MediaProperties, mediaProperties } from './media-properties.js';
import type { Annotation, AnnotationList, Mmif, View } from '../model/mmif.js';
import { type JsonObject, member } from '../model/json.js';
import { sharedProperties } from '../model/annotations.js';
import { shortType } from '../model/type-uri.js';
import { isTimeUnit, toMilliseconds } from './time-unit.js';

/** A time span of the media in milliseconds; a point in time has equal `start` and `end`. */
export interface TimeSpan {
  readonly start: number;
  readonly end: number;
}

/** An annotation, its view, and its position in the view. */
export interface PlacedAnnotation {
  readonly view: View<AnnotationList>;
  readonly position: number;
  readonly annotation: Annotation;
}

/** The annotations of a view with their positions. */
export function* placedIn(view: View<AnnotationList>): Generator<PlacedAnnotation> {
  let position = 0;
  for (const annotation of view.annotations) {
    yield { view, position, annotation };
    position += 1;
  }
}

/** `start` and `end` of other types count characters of a text, unless a unit of time is stated. */
const TIME_TYPES = new Set(['TimeFrame', 'Chapter']);
/** Real documents nest far less; the limit ends the chains of targets of a damaged document. */
const MAX_TARGET_DEPTH = 100;

/** The smallest time span that contains both; either may be null. */
export function union(left: TimeSpan | null, right: TimeSpan | null): TimeSpan | null {
  if (left === null || right === null) return left ?? right;
  return { start: Math.min(left.start, right.start), end: Math.max(left.end, right.end) };
}

/** Finds annotations by id and computes their time spans. */
export class Timeline {
  readonly media: MediaProperties;
  readonly #mmif: Mmif<AnnotationList>;
  readonly #shared = new Map<PlacedAnnotation['view'], (type: string) => JsonObject>();
  /** Keyed by view and position, because a streamed annotation is a new object on each access. */
  readonly #targets = new Map<PlacedAnnotation['view'], Map<number, TimeSpan | null>>();
  #index: AnnotationIndex | undefined;

  constructor(mmif: Mmif<AnnotationList>) {
    this.#mmif = mmif;
    this.media = mediaProperties(mmif);
  }

  /** A property of an annotation: its own value, else the one that its view states for its type in `contains`. */
  property({ view, annotation }: PlacedAnnotation, name: string): unknown {
    const own = member(annotation.properties, name);
    if (own !== undefined && own !== null) return own;
    let shared = this.#shared.get(view);
    if (!shared) this.#shared.set(view, (shared = sharedProperties(view)));
    return member(shared(annotation['@type']), name);
  }

  /** The annotation that a reference in a view points to; the reference may be short (`tf_1`) or long (`v_0:tf_1`). */
  find({ id }: Pick<View, 'id'>, reference: string): PlacedAnnotation | undefined {
    this.#index ??= new AnnotationIndex(this.#mmif.views);
    const place = this.#index.get(longId(id, reference));
    if (!place) return undefined;
    const view = this.#mmif.views[place.view]!;
    return { view, position: place.position, annotation: view.annotations.at(place.position)! };
  }

  /** The time span of an annotation: its own times, else those of its targets; null when neither is known. */
  spanOf(placed: PlacedAnnotation, depth = 0): TimeSpan | null {
    return this.#ownSpan(placed) ?? this.#targetSpan(placed, depth);
  }

  #ownSpan(placed: PlacedAnnotation): TimeSpan | null {
    const { '@type': type, properties } = placed.annotation;
    const point = member(properties, 'timePoint');
    if (point !== undefined) return this.#span(placed, point, point);
    const [start, end] = [member(properties, 'start'), member(properties, 'end')];
    if (start !== undefined || end !== undefined) {
      const isTime = TIME_TYPES.has(shortType(type)) || isTimeUnit(this.property(placed, 'timeUnit'));
      return isTime ? this.#span(placed, start, end) : null;
    }
    // Boxes of MMIF 0.4 name the frame in which they were found.
    const frame = member(properties, 'frame');
    return frame === undefined ? null : this.#span(placed, frame, frame, 'frames');
  }

  #span(
    placed: PlacedAnnotation,
    from: unknown,
    to: unknown,
    unit = this.property(placed, 'timeUnit'),
  ): TimeSpan | null {
    const fps = this.media.fps(String(this.property(placed, 'document')));
    const start = toMilliseconds(from, unit, fps);
    const end = toMilliseconds(to, unit, fps) ?? start;
    return end === null ? null : { start: start ?? end, end };
  }

  #targetSpan(placed: PlacedAnnotation, depth: number): TimeSpan | null {
    const targets = member(placed.annotation.properties, 'targets');
    if (!Array.isArray(targets) || depth >= MAX_TARGET_DEPTH) return null;
    const spans = this.#targets.get(placed.view) ?? new Map<number, TimeSpan | null>();
    this.#targets.set(placed.view, spans);
    const known = spans.get(placed.position);
    if (known !== undefined) return known;
    // Set before the targets are followed, so that a cycle of references ends here.
    spans.set(placed.position, null);
    let span: TimeSpan | null = null;
    for (const target of targets) {
      const found = typeof target === 'string' ? this.find(placed.view, target) : undefined;
      if (found) span = union(span, this.spanOf(found, depth + 1));
    }
    spans.set(placed.position, span);
    return span;
  }
}

/** The latest annotated time in views, in milliseconds; null when no annotation has a time. */
export function latestTime(timeline: Timeline, views: readonly View<AnnotationList>[]): number | null {
  let latest: number | null = null;
  for (const view of views) {
    for (const placed of placedIn(view)) {
      const span = timeline.spanOf(placed);
      if (span !== null && (latest === null || span.end > latest)) latest = span.end;
    }
  }
  return latest;
}
