import { setImmediate } from 'node:timers/promises';
import { createApp } from '#libs/clams';
import { type Annotation, shortType } from '#libs/mmif';

const VOCABULARY = 'http://mmif.clams.ai/vocabulary';

/** Finds years, such as 1969, in the texts that earlier apps have added. */
export const years = createApp({
  metadata: {
    name: 'Years',
    description: 'Finds years in texts.',
    app_version: 'v1.0',
    mmif_version: '1.0.5',
    app_license: 'Apache-2.0',
    identifier: 'http://apps.example.org/years/v1.0',
    url: 'https://example.org/years',
    input: [{ '@type': `${VOCABULARY}/TextDocument/v1` }],
    output: [{ '@type': `${VOCABULARY}/NamedEntity/v1`, properties: { category: 'DATE' } }],
    parameters: [{ name: 'earliest', description: 'Omits earlier years.', type: 'integer', default: 1800 }],
  },
  annotate: async ({ mmif, parameters, signal, progress, warn }) => {
    const annotations = mmif.views.flatMap((view) => view.annotations);
    const texts = annotations.filter((annotation) => shortType(annotation['@type']) === 'TextDocument');
    if (texts.length === 0) warn('No view has a TextDocument. Run an app that finds text first.');
    const found: Annotation[] = [];
    for (const [index, { properties }] of texts.entries()) {
      const content = (properties['text'] as { '@value'?: string } | undefined)?.['@value'] ?? '';
      for (const { 0: text, index: at } of content.matchAll(/\b[12]\d{3}\b/g)) {
        if (Number(text) < parameters.earliest) continue;
        const start = Array.from(content.slice(0, at)).length; // MMIF counts code points.
        const place = { document: properties.id, start, end: start + text.length };
        const id = `ne_${found.length + 1}`;
        found.push({ '@type': `${VOCABULARY}/NamedEntity/v1`, properties: { id, ...place, text, category: 'DATE' } });
      }
      progress((index * 100) / texts.length);
      await setImmediate(undefined, { signal }); // Lets progress requests in; rejects when aborted.
    }
    return found;
  },
});
