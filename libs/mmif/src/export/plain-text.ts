import type { Annotation, MmifDocument } from '../model/mmif.js';
import { shortType } from '../model/type-uri.js';
import { textOf } from '../model/annotations.js';
import type { ExportView } from './export-items.js';
import { joinWords, type Speech } from './speech.js';
import { clock } from './subtitles.js';

/** Heading of the source texts. */
const SOURCE = 'source';

/** The texts of one app, or the source texts. */
interface Section {
  readonly heading: string;
  readonly texts: { readonly text: string; readonly seenAt: number | null }[];
}

/**
 * The texts of a document: transcripts unchanged, on-screen texts in order of time, each with its time. Headings name
 * the apps when several have added texts. Null when there is no text.
 */
export function plainText(
  documents: readonly MmifDocument[],
  views: readonly ExportView[],
  speech: Speech | null,
): string | null {
  const sections = sectionsOf(documents, views);
  if (sections.length === 0) {
    if (!speech) return null;
    const { kind, pieces } = speech;
    return `${kind === 'words' ? joinWords(pieces).trim() : pieces.map(({ text }) => text.trim()).join('\n')}\n`;
  }
  return `${sections
    .map(({ heading, texts }) => {
      const body = texts
        .toSorted((left, right) => (left.seenAt ?? 0) - (right.seenAt ?? 0))
        .map(({ text, seenAt }) =>
          seenAt === null ? text : `[${clock(seenAt, '.').slice(0, -'.000'.length)}] ${text}`,
        )
        .join('\n');
      return sections.length > 1 ? `== ${heading} ==\n\n${body}` : body;
    })
    .join('\n\n')}\n`;
}

function sectionsOf(documents: readonly MmifDocument[], views: readonly ExportView[]): Section[] {
  const sections = new Map<string, Section>();
  const add = (heading: string, annotation: Annotation, seenAt: number | null) => {
    const text = shortType(annotation['@type']) === 'TextDocument' ? textOf(annotation)?.trim() : undefined;
    if (!text) return;
    const section = sections.get(heading) ?? { heading, texts: [] };
    sections.set(heading, section);
    section.texts.push({ text, seenAt });
  };
  for (const document of documents) add(SOURCE, document, null);
  for (const { app, items } of views) {
    for (const { annotation, type, directTime: time } of items) {
      if (type === 'TextDocument') add(app, annotation, time && !time.spoken ? time.start : null);
    }
  }
  return [...sections.values()];
}
