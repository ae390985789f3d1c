import { beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { appendViews, buildSourceMmif, indentJson, readMmif, shortType, type SourceKind } from '#libs/mmif';
import { bodyOf } from './app-under-test.js';
import { bytes, shortIdsDocument, sourceDocument, textOf } from './documents.js';
import type { Subject } from './subject.js';

const READER = fileURLToPath(new URL('apps/read_documents.py', import.meta.url));

/** The content that mmif-python read from one file. */
interface Reading {
  readonly error?: string;
  /** Type and path of each document. */
  readonly documents?: readonly (readonly [string, string | null])[];
  /** Types of each view's annotations. */
  readonly annotations?: readonly (readonly string[])[];
}

const shortened = ({ error, documents = [], annotations = [] }: Reading): Reading => ({
  ...(error === undefined ? {} : { error }),
  documents: documents.map(([type, path]) => [shortType(type), path]),
  annotations: annotations.map((types) => types.map(shortType)),
});

const PATHS = [
  '/media/plain.mp4',
  '/media/two  words+more & so;on, "quoted" [1] (2)~.mp4',
  '/media/größer/日本語 😀.mp4',
];
/** mmif-python decodes nothing and ends a path at `#` and `?`, so no location can refer to such files. */
const UNREACHABLE_PATHS = ['/media/100%.mp4', '/media/#1.mp4', '/media/what?.mp4'];
const KINDS: readonly (readonly [SourceKind, string])[] = [
  ['video', 'VideoDocument'],
  ['audio', 'AudioDocument'],
  ['text', 'TextDocument'],
  ['image', 'ImageDocument'],
];
const KIT_WORK = ['ok', 'echo', 'aligned', 'frame rate', 'frames and frame rate', 'empty', 'warn', 'only warn'];

/** Tests that the genuine mmif-python reads the product's documents: sources, answers of the kit, added views. */
export function describeDocuments(python: string, folder: () => Promise<string>, kit: Subject): void {
  const readings = new Map<string, { readonly document: Uint8Array; readonly reading: Reading }>();
  const of = (name: string) => readings.get(name)!;

  beforeAll(async () => {
    const documents = new Map<string, Uint8Array>([
      ...[...PATHS, ...UNREACHABLE_PATHS].map((path) => [path, buildSourceMmif({ kind: 'video', path })] as const),
      ...KINDS.map(([kind]) => [kind, buildSourceMmif({ kind, path: PATHS[0]! })] as const),
      ['short ids', shortIdsDocument],
      ['indented', bytes(indentJson(textOf(shortIdsDocument)))],
    ]);
    for (const what of KIT_WORK) {
      documents.set(`kit: ${what}`, bodyOf(await kit.app().call({ what }, { input: shortIdsDocument })));
    }
    const [view] = readMmif(bodyOf(await kit.app().call({ what: 'aligned' }))).views;
    documents.set('added', bytes(appendViews(textOf(sourceDocument), [view!])));
    documents.set('kit: fail', bodyOf(await kit.app().call({ what: 'fail' }, { input: shortIdsDocument })));

    const home = await folder();
    const files = await Promise.all(
      [...documents.values()].map(async (document, index) => {
        const file = join(home, `${index}.mmif`);
        await writeFile(file, document);
        return file;
      }),
    );
    const { stdout } = await promisify(execFile)(python, [READER, ...files]);
    const found = JSON.parse(stdout) as Reading[];
    [...documents].forEach(([name, document], index) =>
      readings.set(name, { document, reading: shortened(found[index]!) }),
    );
  });

  it.each(PATHS)('have the path of a source document: %s', (path) => {
    expect(of(path).reading).toEqual({ documents: [['VideoDocument', path]], annotations: [] });
  });

  it.each(UNREACHABLE_PATHS)('have another path than %s', (path) => {
    const [[, read] = []] = of(path).reading.documents!;
    expect(read).toMatch(/^\/media\/.*\.mp4$/);
    expect(read).not.toBe(path);
  });

  it.each(KINDS)('have a source document of kind %s as a %s', (kind, type) => {
    expect(of(kind).reading.documents).toEqual([[type, PATHS[0]]]);
  });

  it.each(['short ids', 'indented', 'added', ...[...KIT_WORK, 'fail'].map((what) => `kit: ${what}`)])(
    'have all their annotations: %s',
    (name) => {
      const { document, reading } = of(name);
      const written = readMmif(document).views.map(({ annotations }) =>
        annotations.map((annotation) => shortType(annotation['@type'])),
      );
      expect(reading).toEqual({ documents: [['VideoDocument', '/media/cpb-aacip-1.mp4']], annotations: written });
    },
  );
}
