import { documentIds, longId, longReference } from '../model/annotations.js';
import type { Mmif } from '../model/mmif.js';
import { member } from '../model/json.js';
import { shortType } from '../model/type-uri.js';
import { type PlacedAnnotation, placedIn, type Timeline, type TimeSpan, union } from '../time/timeline.js';
import { type DocumentTexts, type TextRange } from './document-texts.js';

/** When a text is spoken or shown. */
export interface TextTime extends TimeSpan {
  /** True for speech, false for text that was read from the picture. */
  readonly spoken: boolean;
}

/** A part of a text that has a time. */
interface TimedRange extends TextRange {
  readonly time: TextTime;
}

/** Labels of time frames that contain speech; a time frame without a label counts as speech. */
const SPEECH = /speech|speak|voice|talk|utter|sing/i;
/** A text aligned with a box that is aligned with a time; known apps do not use longer chains. */
const ALIGNMENT_STEPS = 2;

const join = (left: TextTime | undefined, right: TextTime): TextTime =>
  left ? { ...union(left, right)!, spoken: left.spoken || right.spoken } : right;

/** Computes the times of annotations, including those that have a time only through texts and alignments. */
export class TextTimes {
  readonly #timeline: Timeline;
  readonly #texts: DocumentTexts;
  readonly #documents: ReadonlySet<string>;
  readonly #aligned: ReadonlyMap<string, TextTime>;
  readonly #ranges = new Map<string, TimedRange[]>();

  constructor(mmif: Mmif, timeline: Timeline, texts: DocumentTexts) {
    this.#timeline = timeline;
    this.#texts = texts;
    this.#documents = documentIds(mmif);
    this.#aligned = this.#alignedTimes(mmif);
    for (const view of mmif.views) {
      for (const placed of placedIn(view)) {
        const time = this.#aligned.get(longId(view.id, placed.annotation.properties.id));
        const range = time && texts.rangeOf(placed);
        if (!range) continue;
        const known = this.#ranges.get(range.document) ?? [];
        this.#ranges.set(range.document, known);
        known.push({ ...range, time });
      }
    }
    for (const ranges of this.#ranges.values()) ranges.sort((left, right) => left.from - right.from);
  }

  /** The annotation's own time, else that of the items aligned with it, else that of its targets; else null. */
  directTime(placed: PlacedAnnotation): TextTime | null {
    const own = this.#own(placed);
    if (own) return own;
    const aligned = this.#aligned.get(longId(placed.view.id, placed.annotation.properties.id));
    if (aligned) return aligned;
    let time: TextTime | undefined;
    for (const target of this.targets(placed)) {
      const found =
        this.#own(target) ?? this.#aligned.get(longId(target.view.id, target.annotation.properties.id)) ?? null;
      if (found) time = join(time, found);
    }
    return time ?? null;
  }

  /** As `directTime`, else the time of the part of a text to which it refers: a name has the time of its words. */
  timeOf(placed: PlacedAnnotation): TextTime | null {
    const direct = this.directTime(placed);
    if (direct) return direct;
    const range = this.#texts.rangeOf(placed) ?? this.#targetRange(placed);
    if (!range) return this.#timeOfParts(longId(placed.view.id, placed.annotation.properties.id));
    return this.#timeWithin(range) ?? this.#aligned.get(range.document) ?? null;
  }

  /** The annotations that an annotation lists as its targets. */
  targets({ view, annotation }: PlacedAnnotation): PlacedAnnotation[] {
    const targets = member(annotation.properties, 'targets');
    if (!Array.isArray(targets)) return [];
    return targets.flatMap((id) => (typeof id === 'string' ? (this.#timeline.find(view, id) ?? []) : []));
  }

  #own(placed: PlacedAnnotation): TextTime | null {
    const span = this.#timeline.spanOf(placed) ?? this.#pointSpan(placed);
    return span && { ...span, spoken: span.end > span.start && this.#isSpeech(placed) };
  }

  /** A box may refer to its TimePoint by id. */
  #pointSpan({ view, annotation }: PlacedAnnotation): TimeSpan | null {
    const point = member(annotation.properties, 'timePoint');
    const found = typeof point === 'string' ? this.#timeline.find(view, point) : undefined;
    return found && found.annotation !== annotation ? this.#timeline.spanOf(found) : null;
  }

  #isSpeech(placed: PlacedAnnotation): boolean {
    if (shortType(placed.annotation['@type']) !== 'TimeFrame') return true;
    const label = this.#timeline.property(placed, 'label') ?? this.#timeline.property(placed, 'frameType');
    return typeof label !== 'string' || label === '' || SPEECH.test(label);
  }

  #alignedTimes(mmif: Mmif): Map<string, TextTime> {
    const pairs = mmif.views.flatMap((view) =>
      view.annotations.flatMap(({ '@type': type, properties }) => {
        const [source, target] = [member(properties, 'source'), member(properties, 'target')];
        if (shortType(type) !== 'Alignment' || typeof source !== 'string' || typeof target !== 'string') return [];
        return [{ view, source, target }];
      }),
    );
    let known: ReadonlyMap<string, TextTime> = new Map();
    for (let step = 0; step < ALIGNMENT_STEPS; step += 1) {
      const found = new Map<string, TextTime>();
      for (const { view, source, target } of pairs) {
        for (const [from, to] of [
          [source, target],
          [target, source],
        ] as const) {
          const time = this.#timeOfReference(view, from, known);
          const id = longReference(view.id, to, this.#documents);
          if (time) found.set(id, join(found.get(id), time));
        }
      }
      known = found;
    }
    return new Map(known);
  }

  #timeOfReference(view: PlacedAnnotation['view'], reference: string, known: ReadonlyMap<string, TextTime>) {
    // An alignment with the media as a whole gives a transcript no time.
    if (this.#documents.has(reference)) return null;
    const placed = this.#timeline.find(view, reference);
    return (placed && this.#own(placed)) ?? known.get(longId(view.id, reference)) ?? null;
  }

  #targetRange(placed: PlacedAnnotation): TextRange | null {
    const ranges = this.targets(placed).flatMap((target) => this.#texts.rangeOf(target) ?? []);
    const [first] = ranges;
    if (!first) return null;
    const same = ranges.filter(({ document }) => document === first.document);
    return {
      document: first.document,
      from: Math.min(...same.map(({ from }) => from)),
      to: Math.max(...same.map(({ to }) => to)),
    };
  }

  /** The time from the first to the last word of a transcript. */
  #timeOfParts(document: string): TextTime | null {
    return (
      this.#ranges.get(document)?.reduce((time, part) => join(time, part.time), undefined as TextTime | undefined) ??
      null
    );
  }

  #timeWithin({ document, from, to }: TextRange): TextTime | null {
    const ranges = this.#ranges.get(document);
    if (!ranges) return null;
    let [low, high] = [0, ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ranges[middle]!.to <= from) low = middle + 1;
      else high = middle;
    }
    let time: TextTime | undefined;
    for (let at = low; at < ranges.length && ranges[at]!.from < to; at += 1) time = join(time, ranges[at]!.time);
    return time ?? null;
  }
}
