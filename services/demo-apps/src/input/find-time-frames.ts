import { type Mmif, shortType, type View } from '#libs/mmif';

/** A labelled segment of a video, in milliseconds. */
export interface LabelledSpan {
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

const MILLISECONDS: Readonly<Record<string, number>> = { milliseconds: 1, millisecond: 1, seconds: 1000, second: 1000 };

/** A property of a TimeFrame; in MMIF, a view can state it once for all its TimeFrames. */
function stated(view: View, properties: Readonly<Record<string, unknown>>, name: string): unknown {
  if (properties[name] !== undefined) return properties[name];
  const contains = Object.entries(view.metadata.contains ?? {});
  const common = contains.find(([type]) => shortType(type) === 'TimeFrame')?.[1];
  return typeof common === 'object' && common !== null ? (common as Record<string, unknown>)[name] : undefined;
}

/**
 * TimeFrames with a label (`label`, or `frameType` of older apps) and times in milliseconds or seconds, ordered by
 * start time. TimeFrames that count frames are omitted.
 */
export function findTimeFrames({ views }: Mmif): LabelledSpan[] {
  const spans = views.flatMap((view) =>
    view.annotations
      .filter((annotation) => shortType(annotation['@type']) === 'TimeFrame')
      .flatMap(({ properties }) => {
        const label = stated(view, properties, 'label') ?? stated(view, properties, 'frameType');
        const unit = MILLISECONDS[String(stated(view, properties, 'timeUnit'))];
        const { start, end } = properties;
        if (typeof label !== 'string' || typeof start !== 'number' || typeof end !== 'number') return [];
        return unit === undefined ? [] : [{ label, start: start * unit, end: end * unit }];
      }),
  );
  return spans.sort((left, right) => left.start - right.start);
}
