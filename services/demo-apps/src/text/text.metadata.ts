import { TYPES } from '../vocabulary.js';

/** Metadata of the app `text`, in the format of the CLAMS SDK. */
export const textMetadata = {
  name: 'Chowda Text',
  description: 'Reads on-screen text with tesseract in the shots that an earlier app found.',
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
      description: 'Milliseconds between the frames that are read; at least one frame of every shot is read.',
      type: 'integer',
      default: 5000,
      multivalued: false,
    },
    {
      name: 'minConfidence',
      description: 'Minimum confidence of a line in percent; other lines are ignored.',
      type: 'integer',
      default: 60,
      multivalued: false,
    },
  ],
} as const;
