import { describe, expect, it } from '@jest/globals';
import { readAppMetadata } from '../metadata/read-app-metadata.js';
import { checkPipeline, sourceVocabulary } from './check-pipeline.js';
import { orderFaults } from './order-faults.js';
import { kindFault } from './readable-kinds.js';

const OLD = 'http://mmif.clams.ai/vocabulary';
const NEW = 'http://clams.ai/vocabulary/type';
const VIDEO = `${OLD}/VideoDocument/v1`;
const AUDIO = `${OLD}/AudioDocument/v1`;
const FRAME = `${OLD}/TimeFrame/v5`;

type Input = string | { readonly optional: string } | readonly string[];
const typeOf = (uri: string, required = true) => ({ '@type': uri, required });
const inputOf = (given: Input) => {
  if (typeof given === 'string') return typeOf(given);
  return 'optional' in given ? typeOf(given.optional, false) : given.map((uri) => typeOf(uri));
};
const app = (name: string, reads: readonly Input[], writes: readonly string[], mmifVersion = '1.0.5') => ({
  name,
  metadata: readAppMetadata({
    name,
    identifier: `http://apps.clams.ai/${name}/v1`,
    mmif_version: mmifVersion,
    input: reads.map(inputOf),
    output: writes.map((uri) => ({ '@type': uri })),
  }),
});
const sentences = (...apps: ReturnType<typeof app>[]) =>
  checkPipeline(apps).map(({ stage, level, sentence }) => `${stage} ${level}: ${sentence}`);

describe('checkPipeline', () => {
  const shots = app('shots', [VIDEO], [FRAME]);

  it('finds nothing when each app reads the output of an earlier one', () => {
    expect(sentences(shots, app('text', [VIDEO, FRAME], []))).toEqual([]);
  });

  it('warns of a required input that no app writes', () => {
    expect(sentences(app('text', [VIDEO, FRAME], []))).toEqual([
      '0 warning: text needs TimeFrame, but no app before it writes one. Add an app that writes it before text.',
    ]);
    expect(sentences(app('text', [[FRAME, `${OLD}/TimePoint/v4`]], [])).join()).toContain('TimeFrame or TimePoint');
  });

  it('does not require inputs that are optional, alternatives, or source documents', () => {
    expect(sentences(app('text', [VIDEO, { optional: FRAME }], []))).toEqual([]);
    expect(sentences(shots, app('text', [[`${OLD}/TimePoint/v4`, FRAME]], []))).toEqual([]);
    expect(sentences(app('asr', [[VIDEO, AUDIO]], []))).toEqual([]);
    expect(sentences(app('text', [[FRAME, VIDEO]], []))).toEqual([]);
  });

  it('does not accept an input that only the app itself or a later app writes', () => {
    expect(sentences(app('stitch', [FRAME], [FRAME]), shots).join()).toContain('stitch needs TimeFrame');
  });

  it('requires a list of alternatives when one of them is required', () => {
    const entry = (first: boolean, second: boolean) => ({
      ...app('text', [], []),
      metadata: {
        ...app('text', [], []).metadata,
        input: [
          [
            { uri: FRAME, required: first },
            { uri: `${OLD}/TimePoint/v4`, required: second },
          ],
        ],
      },
    });
    expect(sentences(entry(true, false) as unknown as ReturnType<typeof app>)).toHaveLength(1);
    expect(sentences(entry(false, false) as unknown as ReturnType<typeof app>)).toEqual([]);
  });

  it('notes another version of a type, which apps accept', () => {
    expect(sentences(shots, app('text', [`${OLD}/TimeFrame/v6`], [])).join()).toContain('1 note: shots writes');
  });

  it('warns when an older app does not know the new vocabulary', () => {
    const modern = app('modern', [VIDEO], [`${NEW}/TimeFrame/v6`], '1.2.0');
    expect(sentences(modern, app('old', [FRAME], [], '1.1.0')).join()).toContain('old does not know the vocabulary');
    expect(sentences(modern, app('new', [FRAME], [], '1.2.0'))).toEqual([]);
  });

  it('does not warn of the old vocabulary, which all apps know', () => {
    const reads = [`${NEW}/TimeFrame/v6`];
    expect(sentences(shots, app('new', reads, [], '1.2.0'))).toEqual([]);
    expect(sentences(shots, app('older', reads, [], '1.1.0'))).toEqual([]);
  });

  it('warns when an older app may fail on long ids, unless it comes first or reads no views', () => {
    const newer = app('newer', [VIDEO], [FRAME], '1.1.0');
    const older = app('older', [FRAME], [], '1.0.4');
    expect(sentences(newer, older).join()).toContain('Put older before newer');
    expect(sentences(shots, older)).toEqual([]);
    expect(sentences(newer, app('video', [VIDEO], [], '1.0.4'))).toEqual([]);
    expect(sentences(newer, app('both', [VIDEO, FRAME], [], '1.0.4'))).toHaveLength(1);
    expect(sentences(newer, app('either', [[VIDEO, FRAME]], [], '1.0.4'))).toHaveLength(1);
    const unknown = { ...older, metadata: { ...older.metadata, mmifVersion: null } };
    expect(sentences(newer, unknown)).toEqual([]);
  });
});

describe('orderFaults', () => {
  const TEXT = `${OLD}/TextDocument/v1`;
  const shots = app('shots', [VIDEO], [FRAME]);
  const ocr = app('ocr', [VIDEO, FRAME], [TEXT]);
  const names = app('names', [TEXT], []);

  it('finds apps that precede the app whose output they need', () => {
    expect(orderFaults([ocr, shots])).toEqual([
      { stage: 0, sentence: 'ocr needs TimeFrame, but shots, which writes it, runs later. Put shots before ocr.' },
    ]);
    expect(orderFaults([names, shots, ocr])).toEqual([
      { stage: 0, sentence: 'names needs TextDocument, but ocr, which writes it, runs later. Put ocr before names.' },
    ]);
  });

  it('finds none in a correct order, for inputs that no app writes, and for optional inputs', () => {
    expect(orderFaults([shots, ocr, names])).toEqual([]);
    expect(orderFaults([ocr, names])).toEqual([]);
    expect(orderFaults([app('maybe', [VIDEO, { optional: FRAME }], []), shots])).toEqual([]);
  });

  it('finds none for documents that the files provide, and for an app that follows itself', () => {
    const translate = app('translate', [TEXT], [TEXT]);
    expect(orderFaults([names, translate])).toEqual([]);
    expect(orderFaults([app('stitch', [FRAME], [FRAME]), app('stitch', [FRAME], [FRAME])])).toEqual([]);
  });
});

describe('sourceVocabulary', () => {
  const { metadata: old } = app('old', [VIDEO], []);
  const { metadata: modern } = app('new', [`${NEW}/VideoDocument/v2`], []);
  const { metadata: none } = app('none', [FRAME], []);

  it('is the new one only when every app that reads documents uses it', () => {
    expect(sourceVocabulary([modern, none])).toBe('new');
    expect(sourceVocabulary([modern, old])).toBe('old');
    expect(sourceVocabulary([none])).toBe('old');
    expect(sourceVocabulary([app('both', [VIDEO, `${NEW}/AudioDocument/v1`], []).metadata])).toBe('old');
    expect(sourceVocabulary([])).toBe('old');
  });
});

describe('kindFault', () => {
  const shots = app('shots', [VIDEO], [FRAME]);
  const asr = app('asr', [[VIDEO, AUDIO]], [`${OLD}/TextDocument/v1`]);
  const names = app('names', [`${OLD}/TextDocument/v1`], []);

  it('is null for a kind that every app reads, also when an earlier app writes it', () => {
    expect(kindFault('video', [shots, asr, names])).toBeNull();
    expect(kindFault('audio', [asr, names])).toBeNull();
    expect(kindFault('text', [names])).toBeNull();
  });

  it('names the first app that cannot read it', () => {
    expect(kindFault('audio', [asr, shots])).toBe('shots reads video, not audio');
    expect(kindFault('video', [names])).toBe('names reads text, not video');
    expect(kindFault('image', [asr])).toBe('asr reads video or audio, not image');
  });

  it('is null for an app that requires no document', () => {
    expect(kindFault('audio', [app('stitch', [FRAME], [])])).toBeNull();
  });
});
