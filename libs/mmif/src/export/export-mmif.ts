import type { Mmif } from '../model/mmif.js';
import { annotationRows } from './annotation-rows.js';
import { CSV_START, csvLine } from './csv.js';
import { cuesOf } from './cues.js';
import { exportViews } from './export-items.js';
import { plainText } from './plain-text.js';
import { speechOf } from './speech.js';
import { subRip, webVtt } from './subtitles.js';

/** Formats that `exportMmif` derives from an MMIF document: subtitles, plain text, and annotations as rows. */
export const DERIVED_FORMATS = ['vtt', 'srt', 'txt', 'csv', 'jsonl'] as const;
export type DerivedFormat = (typeof DERIVED_FORMATS)[number];

/** The content of a file, or the reason why there is none, as the end of a sentence. */
export type Derived = { readonly content: string } | { readonly nothing: string };

const COLUMNS = ['view', 'app', 'type', 'id', 'label', 'start', 'end', 'text', 'properties'] as const;

/** Derives a file from a document, or states why the document has no content for the format. */
export function exportMmif(mmif: Mmif, format: DerivedFormat): Derived {
  const { documents } = mmif;
  const views = exportViews(mmif);
  switch (format) {
    case 'vtt':
    case 'srt': {
      const speech = speechOf(views);
      const cues = speech ? cuesOf(speech) : [];
      if (cues.length === 0) return { nothing: whyNoSubtitles(plainText(documents, views, null) !== null) };
      return { content: (format === 'vtt' ? webVtt : subRip)(cues) };
    }
    case 'txt': {
      const content = plainText(documents, views, speechOf(views));
      return content === null ? { nothing: 'the document has no text' } : { content };
    }
    case 'csv':
    case 'jsonl': {
      const rows = annotationRows(views);
      const lines: string[] = [];
      for (const row of rows) {
        lines.push(
          format === 'jsonl'
            ? `${JSON.stringify(row)}\n`
            : csvLine(COLUMNS.map((name) => (name === 'properties' ? JSON.stringify(row.properties) : row[name]))),
        );
      }
      if (lines.length === 0) return { nothing: 'the document has no annotations' };
      return { content: format === 'jsonl' ? lines.join('') : CSV_START + csvLine(COLUMNS) + lines.join('') };
    }
    default:
      return format satisfies never;
  }
}

const whyNoSubtitles = (hasText: boolean): string =>
  hasText ? 'subtitles need timed speech, but no app recorded when the text is spoken' : 'the document has no text';
