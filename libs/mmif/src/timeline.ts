import { longId } from './ids.js';
import { type MediaFacts, mediaFacts } from './media-facts.js';
import type { Annotation, Mmif, View } from './model.js';
import { type JsonObject, member } from './parse-json.js';
import { sharedProperties } from './shared-properties.js';
import { shortType } from './short-type.js';
import { isTimeUnit, toMilliseconds } from './time-unit.js';

/** A stretch of the media in milliseconds; a point of time ends where it begins. */
export interface TimeSpan {
  readonly start: number;
  readonly end: number;
}

/** An annotation and the view that it stands in. */
export interface PlacedAnnotation {
  readonly view: View;
  readonly annotation: Annotation;
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
  readonly #mmif: Mmif;
  readonly #shared = new Map<View, (type: string) => JsonObject>();
  readonly #targets = new Map<Annotation, TimeSpan | null>();
  #byId: ReadonlyMap<string, PlacedAnnotation> | undefined;

  constructor(mmif: Mmif) {
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
  find(view: View, reference: string): PlacedAnnotation | undefined {
    this.#byId ??= new Map(
      this.#mmif.views.flatMap((view) =>
        view.annotations.map((annotation) => [longId(view.id, annotation.properties.id), { view, annotation }]),
      ),
    );
    return this.#byId.get(longId(view.id, reference));
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
    const known = this.#targets.get(placed.annotation);
    if (known !== undefined) return known;
    // Set before the targets are followed, so that a circle of them ends here.
    this.#targets.set(placed.annotation, null);
    let span: TimeSpan | null = null;
    for (const target of targets) {
      const found = typeof target === 'string' ? this.find(placed.view, target) : undefined;
      if (found) span = union(span, this.spanOf(found, depth + 1));
    }
    this.#targets.set(placed.annotation, span);
    return span;
  }
}

/** The latest annotated time of views, in milliseconds; null when they say nothing about time. */
export function latestTime(timeline: Timeline, views: readonly View[]): number | null {
  let latest: number | null = null;
  for (const view of views) {
    for (const annotation of view.annotations) {
      const span = timeline.spanOf({ view, annotation });
      if (span !== null && (latest === null || span.end > latest)) latest = span.end;
    }
  }
  return latest;
}
