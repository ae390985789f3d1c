import type { Annotate } from '#libs/clams';
import { findTimeFrames } from '../input/find-time-frames.js';
import { findVideo } from '../input/find-video.js';
import { requireWithin } from '../require-within.js';
import { probeVideo } from '../video/probe-video.js';
import { openVideo } from '../video/video-file.js';
import { chooseFrames, framesToRead } from './frames-to-read.js';
import { readFrames } from './read-frames.js';
import type { TextReader } from './text-reader.js';
import { textView } from './text-view.js';

/** Parameters of the app `text`: `interval` in milliseconds between frames, `minConfidence` in percent. */
export interface TextParameters {
  readonly interval: number;
  readonly minConfidence: number;
}

const NO_SHOTS =
  'The input contains no labelled TimeFrame to choose frames from; the whole video was read. Run the app "shots" before this one.';

/** Reads on-screen text in the segments that earlier apps found. */
export const findText =
  (reader: TextReader): Annotate<TextParameters> =>
  async ({ mmif, parameters, signal, progress, warn }) => {
    const { interval, minConfidence } = parameters;
    requireWithin('interval', interval, [100, 3_600_000]);
    requireWithin('minConfidence', minConfidence, [0, 100]);
    const video = findVideo(mmif);
    const path = await openVideo(video.location);
    const { duration } = await probeVideo(path, signal);
    const chosen = framesToRead(findTimeFrames(mmif), interval);
    if (!chosen) warn(NO_SHOTS);
    const times = chosen ?? chooseFrames({ start: 0, end: duration }, interval);
    const frames = await readFrames(reader, { path, times, minConfidence, signal }, (done) =>
      progress((done * 100) / times.length),
    );
    return textView(video.id, frames);
  };
