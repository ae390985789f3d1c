import { describe, expect, it } from '@jest/globals';
import { appendViews, buildSourceMmif, checkAnswer, MmifError, newErrors, readMmif, shortType } from './index.js';

const APP = 'http://apps.clams.ai/shots/v1';
const frame = (id: string) => ({
  '@type': 'http://mmif.clams.ai/vocabulary/TimeFrame/v6',
  properties: { id, start: 0, end: 10 },
});
const view = (id: string, change: object = {}, annotations: object[] = [frame(`${id}:tf_1`)]) => ({
  id,
  metadata: { app: APP, contains: {}, ...change },
  annotations,
});
const source = new TextDecoder().decode(buildSourceMmif({ kind: 'video', path: '/media/a b.mp4' }));
const bytes = (text: string) => new TextEncoder().encode(text);
const check = (input: string, output: string) => checkAnswer(bytes(input), bytes(output), APP);

describe('shortType', () => {
  it.each([
    ['http://mmif.clams.ai/vocabulary/TimeFrame/v6', 'TimeFrame'],
    ['http://clams.ai/vocabulary/type/TimeFrame/v6', 'TimeFrame'],
    ['http://mmif.clams.ai/0.4.0/vocabulary/TimeFrame', 'TimeFrame'],
    ['http://vocab.lappsgrid.org/Token', 'Token'],
  ])('shortens %s to %s', (uri, name) => expect(shortType(uri)).toBe(name));
});

describe('buildSourceMmif', () => {
  it('gives the same bytes for the same file, with an encoded location', () => {
    expect(new TextDecoder().decode(buildSourceMmif({ kind: 'video', path: '/media/a b.mp4' }))).toBe(source);
    expect(readMmif(source).documents[0]?.properties['location']).toBe('file:///media/a%20b.mp4');
  });
});

describe('readMmif', () => {
  it.each([
    ['{', 'no JSON'],
    ['[]', 'no JSON object'],
    ['{"metadata":{}}', 'metadata.mmif'],
    ['{"metadata":{"mmif":"x"},"documents":[],"views":[{"id":"v_0"}]}', 'views[0] has no metadata'],
  ])('refuses %s with a sentence', (text, sentence) => {
    expect(() => readMmif(text)).toThrow(MmifError);
    expect(() => readMmif(text)).toThrow(sentence);
  });
});

describe('appendViews', () => {
  it('leaves numbers and spelling of the rest as they are', () => {
    const document =
      '{ "metadata": {"mmif":"x","views":[1]},\n "documents": [], "views": [ {"id":"v_0","n":9223372036854775807,"x":1.0} ] }';
    const appended = appendViews(document, [{ id: 'v_1' }]);
    expect(appended).toBe(document.replace(' ] }', ' ,{"id":"v_1"}] }'));
  });

  it('is not misled by brackets and quotes in texts', () => {
    const document = '{"a":"\\"views\\":[ ]}","views":[]}';
    expect(appendViews(document, [{ id: 'v_0' }])).toBe('{"a":"\\"views\\":[ ]}","views":[{"id":"v_0"}]}');
  });

  it('refuses a document without views instead of damaging it', () => {
    expect(() => appendViews('{"metadata":{"views":[]}}', [{ id: 'v_0' }])).toThrow(MmifError);
    expect(() => appendViews('{"views":[', [{ id: 'v_0' }])).toThrow(MmifError);
  });
});

describe('checkAnswer', () => {
  const first = appendViews(source, [view('v_0')]);

  it('counts the annotations of new views only', () => {
    const report = check(first, appendViews(first, [view('v_1', {}, [frame('v_1:tf_1'), frame('v_1:tf_2')])]));
    expect(report).toMatchObject({ violations: [], counts: { TimeFrame: 2 }, isEmpty: false, signedBy: null });
  });

  it('accepts what genuine SDKs rewrite in earlier views', () => {
    const short = appendViews(source, [view('v_0', { contains: { 'http://x/y': {} } }, [frame('tf_1')])]);
    const note = { '@type': 'http://mmif.clams.ai/vocabulary/Annotation/v6', properties: { id: 'v_0:a_1', fps: 25 } };
    const output = appendViews(source, [view('v_0', {}, [frame('v_0:tf_1'), note]), view('v_1')]);
    expect(check(short, output).violations).toEqual([]);
  });

  it.each([
    ['a lost view', source, [view('v_1')], 'lost view v_0'],
    ['a changed view', source, [view('v_0', {}, []), view('v_1')], 'changed the annotations of view v_0'],
    ['a view of another app', source, [view('v_0', { app: 'x' }), view('v_1')], 'changed the app of view v_0'],
    ['an id used twice', source, [view('v_0'), view('v_1'), view('v_1')], 'v_1 twice'],
    ['no new view', source, [view('v_0')], 'no new view'],
  ])('finds %s', (_, base, views, sentence) => {
    expect(check(first, appendViews(base, views)).violations.join()).toContain(sentence);
  });

  it('finds a lost document', () => {
    const output = appendViews('{"metadata":{"mmif":"x"},"documents":[],"views":[]}', [view('v_0')]);
    expect(check(source, output).violations).toEqual(['The answer lost document d1.']);
  });

  it('calls an answer empty that adds nothing but notes about the media', () => {
    const note = { '@type': 'http://mmif.clams.ai/vocabulary/Annotation/v6', properties: { id: 'v_0:a_1', fps: 25 } };
    expect(check(source, appendViews(source, [view('v_0', {}, [note])])).isEmpty).toBe(true);
  });

  it('tolerates another version in the signature, and names another app', () => {
    expect(
      check(source, appendViews(source, [view('v_0', { app: 'http://apps.clams.ai/shots/unresolvable' })])).signedBy,
    ).toBeNull();
    expect(
      check(source, appendViews(source, [view('v_0', { app: 'http://apps.clams.ai/text/v1' })])).signedBy,
    ).toContain('text');
  });
});

describe('newErrors', () => {
  const error = { error: { message: 'boom', stackTrace: 'line 1' }, contains: undefined };

  it('finds the error of a new view', () => {
    expect(newErrors(bytes(source), bytes(appendViews(source, [view('v_0', error, [])])))).toHaveLength(1);
  });

  it('does not count an error that was there before', () => {
    const before = appendViews(source, [view('v_0', error, [])]);
    expect(newErrors(bytes(before), bytes(appendViews(before, [view('v_1')])))).toEqual([]);
  });
});
