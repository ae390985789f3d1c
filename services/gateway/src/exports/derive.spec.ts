import { describe, expect, it } from '@jest/globals';
import { EXPORT_FORMATS, type ExportFormat } from '#libs/contracts';
import { DERIVED_FORMATS } from '#libs/mmif';
import { derive, derivedFormat } from './derive.js';

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
  it('returns a file for each format, or the reason why there is none', () => {
    expect(derive(Buffer.from(JSON.stringify(document)), ['txt', 'vtt'])).toEqual([
      { bytes: Buffer.from('Zoë\n'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { missing: expect.stringContaining('no app recorded when the text is spoken') },
    ]);
  });

  it('returns the same reason for every format when the document is not valid MMIF', () => {
    const missing = expect.stringMatching(/^the document cannot be read: The text is not valid JSON/);
    expect(derive(Buffer.from('{"views": '), ['txt', 'csv'])).toEqual([{ missing }, { missing }]);
  });
});

describe('derivedFormat', () => {
  it('names the derived format of every export format except MMIF', () => {
    expect(EXPORT_FORMATS.map(derivedFormat)).toEqual([null, ...DERIVED_FORMATS]);
  });

  it('throws for a format that is declared but not implemented', () => {
    expect(() => derivedFormat('docx' as ExportFormat)).toThrow('docx is not implemented');
  });
});
