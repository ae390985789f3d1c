import { AnnotationIndex } from './annotation-index.js';
import { longId } from './ids.js';
import { type MediaFacts, mediaFacts } from './media-facts.js';
import type { Annotation, AnnotationList, Mmif, View } from './model.js';
import { type JsonObject, member } from './parse-json.js';
import { sharedProperties } from './shared-properties.js';
import { shortType } from './short-type.js';
import { isTimeUnit, toMilliseconds } from './time-unit.js';

/** A stretch of the media in milliseconds; a point of time ends where it begins. */
export interface TimeSpan {
  readonly start: number;
  readonly end: number;
}

/** An annotation, the view that it stands in, and its position there. */
export interface PlacedAnnotation {
  readonly view: View<AnnotationList>;
  readonly position: number;
  readonly annotation: Annotation;
}

/** The annotations of a view with their places. */
export function* placedIn(view: View<AnnotationList>): Generator<PlacedAnnotation> {
  let position = 0;
  for (const annotation of view.annotations) {
    yield { view, position, annotation };
    position += 1;
  }
}

/** `start` and `end` of other types count characters of a text, unless a unit of time is stated. */
const TIME_TYPES = new Set(['TimeFrame', 'Chapter']);
/** More than documents nest; ends chains of targets that a damaged document makes endless. */
const DEEPEST_TARGETS = 100;

/** The smallest stretch that holds both; either may be missing. */
export function union(left: TimeSpan | null, right: TimeSpan | null): TimeSpan | null {
  if (left === null || right === null) return left ?? right;
  return { start: Math.min(left.start, right.start), end: Math.max(left.end, right.end) };
}

/** Finds annotations by id and tells when they are. */
export class Timeline {
  readonly facts: MediaFacts;
  readonly #mmif: Mmif<AnnotationList>;
  readonly #shared = new Map<PlacedAnnotation['view'], (type: string) => JsonObject>();
  /** By view and position: an annotation may be another object each time it is asked for. */
  readonly #targets = new Map<PlacedAnnotation['view'], Map<number, TimeSpan | null>>();
  #index: AnnotationIndex | undefined;

  constructor(mmif: Mmif<AnnotationList>) {
    this.#mmif = mmif;
    this.facts = mediaFacts(mmif);
  }

  /** A property of an annotation: its own, else the one that its view states for its type. */
  stated({ view, annotation }: PlacedAnnotation, name: string): unknown {
    const own = member(annotation.properties, name);
    if (own !== undefined && own !== null) return own;
    let shared = this.#shared.get(view);
    if (!shared) this.#shared.set(view, (shared = sharedProperties(view)));
    return member(shared(annotation['@type']), name);
  }

  /** The annotation that a reference in a view means, short (`tf_1`) or long (`v_0:tf_1`). */
  find({ id }: Pick<View, 'id'>, reference: string): PlacedAnnotation | undefined {
    this.#index ??= new AnnotationIndex(this.#mmif.views);
    const place = this.#index.get(longId(id, reference));
    if (!place) return undefined;
    const view = this.#mmif.views[place.view]!;
    return { view, position: place.position, annotation: view.annotations.at(place.position)! };
  }

  /** When an annotation is: by its own times, else by those of its targets; null when neither is known. */
  spanOf(placed: PlacedAnnotation, depth = 0): TimeSpan | null {
    return this.#ownSpan(placed) ?? this.#targetSpan(placed, depth);
  }

  #ownSpan(placed: PlacedAnnotation): TimeSpan | null {
    const { '@type': type, properties } = placed.annotation;
    const point = member(properties, 'timePoint');
    if (point !== undefined) return this.#span(placed, point, point);
    const [start, end] = [member(properties, 'start'), member(properties, 'end')];
    if (start !== undefined || end !== undefined) {
      const isTime = TIME_TYPES.has(shortType(type)) || isTimeUnit(this.stated(placed, 'timeUnit'));
      return isTime ? this.#span(placed, start, end) : null;
    }
    // Boxes of MMIF 0.4 name the frame that they were found in.
    const frame = member(properties, 'frame');
    return frame === undefined ? null : this.#span(placed, frame, frame, 'frames');
  }

  #span(placed: PlacedAnnotation, from: unknown, to: unknown, unit = this.stated(placed, 'timeUnit')): TimeSpan | null {
    const fps = this.facts.fps(String(this.stated(placed, 'document')));
    const start = toMilliseconds(from, unit, fps);
    const end = toMilliseconds(to, unit, fps) ?? start;
    return end === null ? null : { start: start ?? end, end };
  }

  #targetSpan(placed: PlacedAnnotation, depth: number): TimeSpan | null {
    const targets = member(placed.annotation.properties, 'targets');
    if (!Array.isArray(targets) || depth >= DEEPEST_TARGETS) return null;
    const spans = this.#targets.get(placed.view) ?? new Map<number, TimeSpan | null>();
    this.#targets.set(placed.view, spans);
    const known = spans.get(placed.position);
    if (known !== undefined) return known;
    // Set before the targets are followed, so that a circle of them ends here.
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

/** The latest annotated time of views, in milliseconds; null when they say nothing about time. */
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
