import { longId } from '../model/annotations.js';
import type { Mmif } from '../model/mmif.js';
import { shortType } from '../model/type-uri.js';
import { type PlacedAnnotation, placedIn, type Timeline, type TimeSpan } from '../time/timeline.js';

/** A TimeFrame or TimePoint on a lane, in milliseconds; a point has equal `start` and `end`. */
export interface LaneItem extends TimeSpan {
  readonly id: string;
}

/** The annotations of one app with one label, in order of time. */
export interface Lane {
  readonly app: string;
  readonly kind: 'frames' | 'points';
  /** `label`, or `frameType` of older apps; null when an annotation has neither. */
  readonly label: string | null;
  readonly items: readonly LaneItem[];
}

const KINDS: Readonly<Record<string, Lane['kind']>> = { TimeFrame: 'frames', Chapter: 'frames', TimePoint: 'points' };

/** The lanes of a document, and the number of TimeFrames and TimePoints without a usable time. */
export function lanesOf(mmif: Mmif, timeline: Timeline): { readonly lanes: Lane[]; readonly unplaced: number } {
  const lanes = new Map<string, Lane & { readonly items: LaneItem[] }>();
  let unplaced = 0;
  for (const view of mmif.views) {
    for (const placed of placedIn(view)) {
      const { annotation } = placed;
      const type = shortType(annotation['@type']);
      const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
      if (!kind) continue;
      const span = timeline.spanOf(placed);
      if (!span) {
        unplaced += 1;
        continue;
      }
      const { app } = view.metadata;
      const label = labelOf(placed, timeline);
      const key = JSON.stringify([app, kind, label]);
      const lane = lanes.get(key) ?? { app, kind, label, items: [] };
      lanes.set(key, lane);
      lane.items.push({ id: longId(view.id, annotation.properties.id), ...span });
    }
  }
  const apps = [...new Set(mmif.views.map(({ metadata }) => metadata.app))];
  const positions = new Map(apps.map((app, position) => [app, position]));
  for (const { items } of lanes.values()) {
    items.sort((left, right) => left.start - right.start || left.end - right.end || order(left.id, right.id));
  }
  return {
    lanes: [...lanes.values()].sort(
      (left, right) =>
        positions.get(left.app)! - positions.get(right.app)! ||
        order(left.kind, right.kind) ||
        order(left.label ?? '', right.label ?? ''),
    ),
    unplaced,
  };
}

function labelOf(placed: PlacedAnnotation, timeline: Timeline): string | null {
  const label = timeline.property(placed, 'label') ?? timeline.property(placed, 'frameType');
  return typeof label === 'string' && label !== '' ? label : null;
}

/** By code unit, so that the order does not depend on the locale of the machine. */
function order(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
