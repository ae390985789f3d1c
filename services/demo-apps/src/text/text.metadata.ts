import { TYPES } from '../vocabulary.js';

/** What the app `text` says about itself, in the words of the CLAMS SDK's app metadata. */
export const textMetadata = {
  name: 'Chowda Text',
  description: 'Reads the text on screen with tesseract, in the shots that an app before has found.',
  app_version: 'v1.0',
  mmif_version: '1.0.5',
  app_license: 'Apache-2.0',
  analyzer_license: 'Apache-2.0',
  identifier: 'http://apps.clams.ai/chowda-text/v1.0',
  url: 'https://github.com/WGBH-MLA/chowda',
  input: [
    { '@type': TYPES.VideoDocument, required: true },
    { '@type': TYPES.TimeFrame, required: false, properties: { label: '*' } },
  ],
  output: [
    { '@type': TYPES.TimePoint, properties: { timeUnit: 'milliseconds' } },
    { '@type': TYPES.BoundingBox, properties: { label: 'text' } },
    { '@type': TYPES.TextDocument },
    { '@type': TYPES.Alignment },
  ],
  parameters: [
    {
      name: 'interval',
      description: 'Milliseconds of a shot for which one frame is read; every shot has at least one.',
      type: 'integer',
      default: 5000,
      multivalued: false,
    },
    {
      name: 'minConfidence',
      description: 'Percent of confidence below which a line is dropped.',
      type: 'integer',
      default: 60,
      multivalued: false,
    },
  ],
} as const;
