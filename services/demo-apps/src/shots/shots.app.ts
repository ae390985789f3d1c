import type { Annotate } from '#libs/clams';
import { findVideo } from '../input/find-video.js';
import { requireWithin } from '../require-within.js';
import { openVideo } from '../video/video-file.js';
import { scanVideo } from './scan-video.js';
import { shotsView } from './shots-view.js';
import { layTimeline } from './timeline.js';

/** Parameters of the app `shots`: `threshold` between 0 and 1, `minDuration` in milliseconds. */
export interface ShotsParameters {
  readonly threshold: number;
  readonly minDuration: number;
}

/** Finds shots, black, colour bars and line-up tone in the input's video. */
export const findShots: Annotate<ShotsParameters> = async ({ mmif, parameters, signal, progress }) => {
  requireWithin('threshold', parameters.threshold, [0, 1]);
  requireWithin('minDuration', parameters.minDuration, [40, 60_000]);
  const video = findVideo(mmif);
  const path = await openVideo(video.location);
  const shortest = parameters.minDuration;
  const scan = await scanVideo(path, { threshold: parameters.threshold, shortest, signal }, progress);
  return shotsView(video.id, scan, layTimeline({ ...scan, shortest }));
};
