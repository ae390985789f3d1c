import { TYPES } from '../vocabulary.js';

/** Metadata of the app `shots`, in the format of the CLAMS SDK. */
export const shotsMetadata = {
  name: 'Chowda Shots',
  description: 'Finds shots, black, colour bars and line-up tone in a video with FFmpeg.',
  app_version: 'v1.0',
  mmif_version: '1.0.5',
  app_license: 'Apache-2.0',
  analyzer_license: 'GPL-3.0',
  identifier: 'http://apps.clams.ai/chowda-shots/v1.0',
  url: 'https://github.com/WGBH-MLA/chowda',
  input: [{ '@type': TYPES.VideoDocument, required: true }],
  output: [
    { '@type': TYPES.Annotation, description: 'Frame rate and duration of the video.' },
    { '@type': TYPES.TimeFrame, properties: { timeUnit: 'milliseconds', label: '*' } },
    { '@type': TYPES.TimePoint, properties: { timeUnit: 'milliseconds' } },
  ],
  parameters: [
    {
      name: 'threshold',
      description:
        'Minimum difference between two frames that counts as a cut, from 0 (any difference) to 1 (no cuts).',
      type: 'number',
      default: 0.3,
      multivalued: false,
    },
    {
      name: 'minDuration',
      description: 'Minimum duration of a shot, black, bars or tone in milliseconds.',
      type: 'integer',
      default: 400,
      multivalued: false,
    },
  ],
} as const;
