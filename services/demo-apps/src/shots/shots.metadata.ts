import { TYPES } from '../vocabulary.js';

/** What the app `shots` says about itself, in the words of the CLAMS SDK's app metadata. */
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
      description: 'How different two frames have to be for a cut, from 0 (everything) to 1 (nothing).',
      type: 'number',
      default: 0.3,
      multivalued: false,
    },
    {
      name: 'minDuration',
      description: 'Shortest shot, black, bars or tone in milliseconds.',
      type: 'integer',
      default: 400,
      multivalued: false,
    },
  ],
} as const;
