import type { Annotation } from '#libs/mmif';
import { AnnotationList } from '../annotations.js';
import type { VideoScan } from './scan-video.js';
import type { Part } from './timeline.js';

const timeUnit = 'milliseconds';

/** Creates the annotations of a video: frame rate and duration, parts, the middle of each shot, and line-up tone. */
export function shotsView(video: string, scan: VideoScan, parts: readonly Part[]): Annotation[] {
  const list = new AnnotationList();
  const { fps, duration } = scan;
  list.add('Annotation', { document: video, fps, duration, durationTimeUnit: timeUnit });
  for (const { label, start, end } of parts) {
    const middle = { document: video, timePoint: Math.round((start + end) / 2), timeUnit };
    const representatives = label === 'shot' ? { representatives: [list.add('TimePoint', middle)] } : {};
    list.add('TimeFrame', { document: video, label, timeUnit, start, end, ...representatives });
  }
  for (const { start, end } of scan.tone) {
    list.add('TimeFrame', { document: video, label: 'tone', timeUnit, start, end });
  }
  return list.annotations;
}
