import { TYPES } from '../vocabulary.js';

/** Metadata of the app `entities`, in the format of the CLAMS SDK. */
export const entitiesMetadata = {
  name: 'Chowda Entities',
  description: 'Finds sentences, people, places and organisations in English text with compromise.',
  app_version: 'v1.0',
  mmif_version: '1.0.5',
  app_license: 'Apache-2.0',
  analyzer_license: 'MIT',
  identifier: 'http://apps.clams.ai/chowda-entities/v1.0',
  url: 'https://github.com/WGBH-MLA/chowda',
  input: [{ '@type': TYPES.TextDocument, required: true }],
  output: [{ '@type': TYPES.Sentence }, { '@type': TYPES.NamedEntity, properties: { category: '*' } }],
  parameters: [],
} as const;
