import type { Annotation } from '#libs/mmif';
import { AnnotationList } from '../annotations.js';
import type { LegibleText } from './legible-text.js';

const timeUnit = 'milliseconds';

/** A frame with text; `time` in milliseconds. */
export interface ReadFrame extends LegibleText {
  readonly time: number;
}

/** Creates the annotations of texts: time, position and content of each. */
export function textView(video: string, frames: readonly ReadFrame[]): Annotation[] {
  const list = new AnnotationList();
  for (const { time, text, box } of frames) {
    const point = list.add('TimePoint', { document: video, timePoint: time, timeUnit });
    const coordinates = [
      [box.x0, box.y0],
      [box.x1, box.y1],
    ];
    const place = list.add('BoundingBox', { document: video, timePoint: point, coordinates, label: 'text' });
    const content = list.add('TextDocument', { text: { '@value': text, '@language': 'en' }, mime: 'text/plain' });
    list.add('Alignment', { source: point, target: content });
    list.add('Alignment', { source: place, target: content });
  }
  return list.annotations;
}
