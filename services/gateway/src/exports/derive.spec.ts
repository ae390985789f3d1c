import { describe, expect, it } from '@jest/globals';
import { derive } from './derive.js';

const TEXT = 'http://mmif.clams.ai/vocabulary/TextDocument/v1';
const document = {
  metadata: { mmif: 'http://mmif.clams.ai/1.0.5' },
  documents: [],
  views: [
    {
      id: 'v_0',
      metadata: { app: 'ocr', contains: {} },
      annotations: [{ '@type': TEXT, properties: { id: 'td_1', text: { '@value': 'Zoë' } } }],
    },
  ],
};

describe('derive', () => {
  it('makes a file of each format, or says why there is none', () => {
    expect(derive(Buffer.from(JSON.stringify(document)), ['txt', 'vtt'])).toEqual([
      { bytes: Buffer.from('Zoë\n'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { missing: expect.stringContaining('no app recorded when the text is spoken') },
    ]);
  });

  it('makes nothing of what is no MMIF, and says so for every format', () => {
    const missing = expect.stringMatching(/^the document cannot be read: The text is not valid JSON/);
    expect(derive(Buffer.from('{"views": '), ['txt', 'csv'])).toEqual([{ missing }, { missing }]);
  });
});
