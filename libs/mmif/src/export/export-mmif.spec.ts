import { describe, expect, it } from '@jest/globals';
import { type DerivedFormat, exportMmif, readMmif } from '../index.js';

const OLD = 'http://mmif.clams.ai/vocabulary';
const NEW = 'http://clams.ai/vocabulary/type';
const LAPPS = 'http://vocab.lappsgrid.org';
const VIDEO = { '@type': `${OLD}/VideoDocument/v1`, properties: { id: 'd1', location: 'file:///a.mp4' } };

interface Item {
  readonly '@type': string;
  readonly properties: object;
}

const item = (type: string, id: string, properties: object): Item => ({
  '@type': type,
  properties: { id, ...properties },
});
const view = (id: string, app: string, annotations: readonly Item[], contains: object = {}) => ({
  id,
  metadata: { app, contains },
  annotations,
});
const exported = (format: DerivedFormat, views: readonly object[], documents: readonly object[] = [VIDEO]) =>
  exportMmif(readMmif(JSON.stringify({ metadata: { mmif: 'http://mmif.clams.ai/1.0.5' }, documents, views })), format);
const content = (...given: Parameters<typeof exported>): string => {
  const result = exported(...given);
  if ('nothing' in result) throw new Error(result.nothing);
  return result.content;
};

const text = (id: string, value: string, vocabulary = OLD) =>
  item(`${vocabulary}/TextDocument/v1`, id, { text: { '@value': value, '@language': 'en' } });
const align = (id: string, source: string, target: string) => item(`${OLD}/Alignment/v1`, id, { source, target });
const frame = (id: string, start: number, end: number, more: object = {}) =>
  item(`${OLD}/TimeFrame/v1`, id, { start, end, ...more });

/** Words as whisper-wrapper writes them: each with its space, aligned with a time frame. */
function words(spoken: readonly (readonly [word: string, start: number, end: number])[], prefix = ''): Item[] {
  let position = 0;
  return spoken.flatMap(([word, start, end], index) => {
    const number = index + 1;
    const from = position;
    position += word.length;
    return [
      item(`${LAPPS}/Token`, `${prefix}to_${number}`, { word, start: from, end: position, document: `${prefix}td_1` }),
      frame(`${prefix}tf_${number}`, start, end, { frameType: 'speech' }),
      align(`${prefix}al_${number}`, `${prefix}tf_${number}`, `${prefix}to_${number}`),
    ];
  });
}
const inSeconds = { [`${OLD}/TimeFrame/v1`]: { timeUnit: 'seconds', document: 'd1' } };
const HELLO = [
  [' Hello,', 0.5, 1],
  [' world.', 1, 1.75],
  [' Bye', 3.5, 4],
  [' now.', 4, 4.5],
] as const;
const whisper = view('v_0', 'whisper', [text('td_1', ' Hello, world. Bye now.'), ...words(HELLO)], inSeconds);

describe('subtitles', () => {
  it('consist of timed words, and end with sentences and pauses', () => {
    expect(content('vtt', [whisper])).toBe(
      'WEBVTT\n\n1\n00:00:00.500 --> 00:00:01.750\nHello, world.\n\n2\n00:00:03.500 --> 00:00:04.500\nBye now.\n',
    );
    expect(content('srt', [whisper])).toBe(
      '1\n00:00:00,500 --> 00:00:01,750\nHello, world.\n\n2\n00:00:03,500 --> 00:00:04,500\nBye now.\n',
    );
  });

  it('are the same for long ids and for the current vocabulary', () => {
    const today = words(HELLO, 'v_0:').map((annotation) => ({
      ...annotation,
      '@type': annotation['@type'].replace(LAPPS, NEW).replace(OLD, NEW),
    }));
    const renamed = today.map(({ '@type': type, properties }) => {
      const { word, frameType, ...others } = properties as { word?: string; frameType?: string };
      return {
        '@type': type,
        properties: { ...others, ...(word ? { text: word } : {}), ...(frameType ? { label: frameType } : {}) },
      };
    });
    const contains = { [`${NEW}/TimeFrame/v6`]: { timeUnit: 'seconds', document: 'd1' } };
    expect(
      content('vtt', [
        view('v_0', 'whisper', [text('v_0:td_1', ' Hello, world. Bye now.', NEW), ...renamed], contains),
      ]),
    ).toBe(content('vtt', [whisper]));
  });

  it.each([
    ['seconds', 3661.5, 3662.75],
    ['milliseconds', 3_661_500, 3_662_750],
    ['frames', 91_537.5, 91_568.75],
    ['isoformat', '01:01:01.500', '01:01:02.750'],
  ])('are timed correctly beyond an hour when times are in %s', (timeUnit, start, end) => {
    const rate = item(`${OLD}/Annotation/v2`, 'a_1', { fps: 25, document: 'd1' });
    const sentence = item(`${LAPPS}/Sentence`, 'se_1', { text: 'Late news.' });
    const stretch = item(`${OLD}/TimeFrame/v5`, 'tf_1', { start, end, timeUnit });
    expect(content('vtt', [view('v_0', 'asr', [rate, sentence, stretch, align('al_1', 'tf_1', 'se_1')])])).toContain(
      '01:01:01.500 --> 01:01:02.750\nLate news.',
    );
  });

  it('consist of sentences rather than words, and divide a long sentence by the times of its words', () => {
    const long = Array.from({ length: 24 }, (_, n) => [` number${n}`, n, n + 0.9] as const);
    const targets = long.map((_, n) => `to_${n + 1}`);
    const sentence = item(`${LAPPS}/Sentence`, 'se_1', {
      text: long
        .map(([word]) => word)
        .join('')
        .trim(),
      targets,
    });
    const cues = content('vtt', [view('v_0', 'asr', [sentence, ...words(long)], inSeconds)])
      .split('\n\n')
      .slice(1);
    expect(cues).toHaveLength(4);
    expect(cues[0]).toBe('1\n00:00:00.000 --> 00:00:06.900\nnumber0 number1 number2 number3 number4\nnumber5 number6');
    expect(cues[1]).toMatch(/^2\n00:00:07\.000 --> /);
  });

  it('divide a long sentence evenly when its words have no times', () => {
    const sentence = item(`${LAPPS}/Sentence`, 'se_1', { text: Array.from({ length: 40 }, () => 'seven77').join(' ') });
    const cues = content('vtt', [
      view('v_0', 'asr', [sentence, frame('tf_1', 0, 20_000), align('al_1', 'tf_1', 'se_1')]),
    ]);
    const lines = cues.split('\n').filter((line) => line.startsWith('seven'));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(42);
    expect(cues.match(/-->/g)).toHaveLength(4);
    expect(cues).toContain('00:00:05.000 --> 00:00:10.000');
  });

  it('are shown for at least 1 s when there is time, and for at most 7 s', () => {
    const sentences = [
      ['Yes.', 0, 100],
      ['No.', 5000, 5200],
      ['Well.', 5300, 60_000],
    ] as const;
    const said = sentences.flatMap(([words, start, end], n) => [
      item(`${LAPPS}/Sentence`, `se_${n}`, { text: words }),
      frame(`tf_${n}`, start, end),
      align(`al_${n}`, `tf_${n}`, `se_${n}`),
    ]);
    expect(content('srt', [view('v_0', 'asr', said)]).match(/.* --> .*/g)).toEqual([
      '00:00:00,000 --> 00:00:01,000',
      '00:00:05,000 --> 00:00:05,300',
      '00:00:05,300 --> 00:00:12,300',
    ]);
  });

  it('escape characters that have a meaning in WebVTT', () => {
    const sentence = item(`${LAPPS}/Sentence`, 'se_1', { text: '<b>R&D</b>\n\n--> next' });
    const views = [view('v_0', 'asr', [sentence, frame('tf_1', 0, 2000), align('al_1', 'tf_1', 'se_1')])];
    expect(content('vtt', views)).toContain('\n&lt;b&gt;R&amp;D&lt;/b&gt; --&gt; next\n');
    expect(content('srt', views)).toContain('\n<b>R&D</b> -> next\n');
  });

  it('break a script without spaces at the end of the line, between characters', () => {
    const sentence = item(`${LAPPS}/Sentence`, 'se_1', { text: '𠀀'.repeat(60) });
    const views = [view('v_0', 'asr', [sentence, frame('tf_1', 0, 5000), align('al_1', 'tf_1', 'se_1')])];
    expect(content('vtt', views)).toContain(`\n${'𠀀'.repeat(42)}\n${'𠀀'.repeat(18)}\n`);
  });

  it('use only the newest of two transcripts', () => {
    const second = view('v_1', 'better', words([[' Hallo.', 0, 1]], 'v_1:'), inSeconds);
    const vtt = content('vtt', [whisper, second]);
    expect(vtt).toContain('Hallo.');
    expect(vtt).not.toContain('Hello');
  });

  it('are not derived from on-screen text or from text without times', () => {
    const why = /^subtitles need timed speech, but no app recorded when/;
    expect(exported('vtt', [ocr])).toEqual({ nothing: expect.stringMatching(why) });
    expect(exported('srt', [view('v_0', 'asr', [text('td_1', 'no times')])])).toEqual({
      nothing: expect.stringMatching(why),
    });
    const slate = [
      text('td_1', 'TAKE 3'),
      frame('tf_1', 0, 5000, { frameType: 'slate' }),
      align('al_1', 'tf_1', 'td_1'),
    ];
    expect(exported('vtt', [view('v_0', 'ocr', slate)])).toEqual({ nothing: expect.stringMatching(why) });
    expect(exported('vtt', [swt])).toEqual({ nothing: 'the document has no text' });
    expect(exported('vtt', [])).toEqual({ nothing: 'the document has no text' });
  });
});

const ocr = view('v_0', 'ocr', [
  item(`${OLD}/TimePoint/v4`, 'tp_2', { timePoint: 9000, timeUnit: 'milliseconds' }),
  item(`${OLD}/BoundingBox/v4`, 'bb_2', { coordinates: [[0, 0]], label: 'text' }),
  text('td_2', 'Good night'),
  align('al_1', 'tp_2', 'bb_2'),
  align('al_2', 'bb_2', 'td_2'),
  item(`${OLD}/TimePoint/v4`, 'tp_1', { timePoint: 3_605_000, timeUnit: 'milliseconds' }),
  item(`${OLD}/BoundingBox/v4`, 'bb_1', { timePoint: 'tp_1', label: 'text' }),
  text('td_1', 'The End'),
  align('al_3', 'bb_1', 'td_1'),
]);
const swt = view('v_0', 'swt', [
  item(`${OLD}/TimePoint/v4`, 'tp_1', { timePoint: 1001, label: 'S' }),
  item(`${OLD}/TimePoint/v4`, 'tp_2', { timePoint: 2002, label: 'S' }),
  item(`${OLD}/TimeFrame/v5`, 'tf_1', { label: 'slate', targets: ['tp_1', 'tp_2'], representatives: ['tp_1'] }),
]);

describe('plain text', () => {
  it('is the unchanged transcript', () => {
    expect(content('txt', [whisper])).toBe('Hello, world. Bye now.\n');
  });

  it('lists on-screen texts in order of time', () => {
    expect(content('txt', [ocr])).toBe('[00:00:09] Good night\n[01:00:05] The End\n');
  });

  it('names the apps when several have added texts', () => {
    const source = { '@type': `${OLD}/TextDocument/v1`, properties: { id: 'd2', text: { '@value': 'Script' } } };
    const reading = { ...ocr, id: 'v_1' };
    expect(content('txt', [whisper, reading], [VIDEO, source])).toBe(
      '== source ==\n\nScript\n\n== whisper ==\n\nHello, world. Bye now.\n\n== ocr ==\n\n[00:00:09] Good night\n[01:00:05] The End\n',
    );
  });

  it('is joined from words when the document has no text', () => {
    expect(content('txt', [view('v_0', 'asr', words(HELLO), inSeconds)])).toBe('Hello, world. Bye now.\n');
  });

  it('is never an empty file', () => {
    expect(exported('txt', [swt, view('v_1', 'ocr', [text('td_1', ' ')])])).toEqual({
      nothing: 'the document has no text',
    });
  });
});

describe('annotation rows', () => {
  const rows = (views: readonly object[], documents?: readonly object[]) =>
    content('jsonl', views, documents)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('have times in seconds, also for frames that have only targets', () => {
    expect(rows([swt])).toEqual([
      {
        view: 'v_0',
        app: 'swt',
        type: 'TimePoint',
        id: 'v_0:tp_1',
        label: 'S',
        start: 1.001,
        end: 1.001,
        text: null,
        properties: { timePoint: 1001, label: 'S' },
      },
      expect.objectContaining({ id: 'v_0:tp_2', start: 2.002 }),
      expect.objectContaining({ type: 'TimeFrame', label: 'slate', start: 1.001, end: 2.002 }),
    ]);
  });

  it('have the times of their words: sentences by targets, names by positions', () => {
    const spacy = view('v_1', 'spacy', [
      item(`${LAPPS}/NamedEntity`, 'ne_1', { document: 'v_0:td_1', start: 7, end: 14, category: 'LOC', text: 'world' }),
      item(`${LAPPS}/NounChunk`, 'nc_1', { targets: ['v_0:to_3', 'v_0:to_4'] }),
      item(`${LAPPS}/NamedEntity`, 'ne_2', { document: 'd9', start: 0, end: 3 }),
    ]);
    expect(rows([whisper, spacy]).slice(-3)).toEqual([
      expect.objectContaining({ label: 'LOC', start: 1, end: 1.75, text: 'world' }),
      expect.objectContaining({ type: 'NounChunk', start: 3.5, end: 4.5 }),
      expect.objectContaining({ start: null, end: null, text: null }),
    ]);
    expect(rows([whisper])[0]).toMatchObject({
      type: 'TextDocument',
      start: 0.5,
      end: 4.5,
      text: ' Hello, world. Bye now.',
    });
  });

  it('contain the part of a text to which they refer, with positions in code points', () => {
    const ner = view('v_0', 'ner', [
      text('td_1', '😀 Zoë was here'),
      item(`${LAPPS}/NamedEntity`, 'ne_1', { document: 'td_1', start: '2', end: 5, category: 'PERSON' }),
    ]);
    expect(rows([ner])[1]).toMatchObject({ text: 'Zoë', label: 'PERSON' });
  });

  it('form a table that spreadsheets read without running formulas', () => {
    const odd = ['a "quoted", text', 'two\nlines', '=1+1', '-5', '-x', 'Zoë'];
    const csv = content('csv', [
      view(
        'v_0',
        'ocr',
        odd.map((value, n) => text(`td_${n}`, value)),
      ),
    ]);
    expect(csv.startsWith('\ufeffview,app,type,id,label,start,end,text,properties\r\n')).toBe(true);
    expect(csv).toContain('v_0,ocr,TextDocument,v_0:td_0,,,,"a ""quoted"", text","{""text"":');
    for (const cell of [',"two\nlines",', ",'=1+1,", ',-5,', ",'-x,", ',Zoë,']) expect(csv).toContain(cell);
    expect(csv.endsWith('\r\n')).toBe(true);
  });

  it('never form an empty table', () => {
    for (const format of ['csv', 'jsonl'] as const) {
      expect(exported(format, [])).toEqual({ nothing: 'the document has no annotations' });
    }
  });
});

describe('any document', () => {
  it('is exported despite cycles, dangling references and invalid times', () => {
    const circle = [
      item(`${LAPPS}/Sentence`, 'se_1', { targets: ['se_2', 7, 'gone'], text: 'a' }),
      item(`${LAPPS}/Sentence`, 'se_2', { targets: ['se_1'], text: 'b' }),
      item(`${OLD}/BoundingBox/v1`, 'bb_1', { timePoint: 'bb_1' }),
      align('al_1', 'se_1', 'se_1'),
      align('al_2', 'd1', 'se_1'),
      frame('tf_1', -50, -5),
      align('al_3', 'tf_1', 'se_2'),
      item(`${OLD}/TimeFrame/v1`, 'tf_2', { start: 'soon', end: null }),
      align('al_4', 'tf_2', 'se_1'),
    ];
    for (const format of ['vtt', 'srt', 'txt', 'csv', 'jsonl'] as const) {
      expect(() => exported(format, [view('v_0', 'odd', circle)])).not.toThrow();
    }
  });
});
