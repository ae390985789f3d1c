import { describe, expect, it } from '@jest/globals';
import { validateMmif } from './index.js';

const TYPE = 'http://mmif.clams.ai/vocabulary/TimeFrame/v6';
const APP = 'http://apps.clams.ai/shots/v1';
const view = (metadata: object, more: object = {}) => ({ id: 'v_0', metadata, annotations: [], ...more });
const document = (...views: object[]) => ({
  metadata: { mmif: 'http://mmif.clams.ai/1.0.5' },
  documents: [{ '@type': 'http://mmif.clams.ai/vocabulary/VideoDocument/v1', properties: { id: 'd1' } }],
  views,
});
const complaints = (json: object) => validateMmif(JSON.stringify(json));

describe('validateMmif', () => {
  it.each([
    ['annotations', { app: APP, contains: { [TYPE]: {} } }],
    ['an error', { app: APP, error: { message: 'no' } }],
    ['warnings', { app: APP, warnings: ['careful'] }],
    ['local time without a zone', { app: APP, contains: {}, timestamp: '2023-07-26T01:40:11.385102' }],
    ['time with a zone', { app: APP, contains: {}, timestamp: '2023-07-26T01:40:11Z' }],
    ['keys of later versions', { app: APP, contains: {}, appProfiling: { runningTime: '0:00:01' }, appTags: ['x'] }],
    ['lists of parameters', { app: APP, contains: {}, parameters: { a: 'x', b: ['y', 'z'] } }],
  ])('accepts a view with %s', (_, metadata) => expect(complaints(document(view(metadata)))).toEqual([]));

  it.each([
    ['without contents', view({ app: APP }), 'views[0].metadata: one of contains, warnings, error is missing.'],
    ['without an app', view({ contains: {} }), 'views[0].metadata: app is missing.'],
    [
      'with two contents',
      view({ app: APP, contains: {}, error: { message: 'no' } }),
      'views[0].metadata: has contains and error, but may have only one of them.',
    ],
    [
      'of an app that is no URI',
      view({ app: 'my shots', contains: {} }),
      'views[0].metadata.app: "my shots" is no URI.',
    ],
    [
      'with a time that is none',
      view({ app: APP, contains: {}, timestamp: 'yesterday' }),
      'views[0].metadata.timestamp: "yesterday" is no date and time.',
    ],
    [
      'with a short type in contains',
      view({ app: APP, contains: { TimeFrame: {} } }),
      'views[0].metadata.contains: TimeFrame has no place here.',
    ],
    [
      'with a type that holds no object',
      view({ app: APP, contains: { [TYPE]: 1 } }),
      `views[0].metadata.contains["${TYPE}"]: must be an object, not a number.`,
    ],
    [
      'with a number as parameter',
      view({ app: APP, contains: {}, parameters: { 'a b': 1 } }),
      'views[0].metadata.parameters["a b"]: must be a text or a list of texts, not a number.',
    ],
    ['with a key of its own', view({ app: APP, contains: {} }, { note: 1 }), 'views[0]: note has no place here.'],
    ['with an empty id', view({ app: APP, contains: {} }, { id: '' }), 'views[0].id: must not be empty.'],
    [
      'with the same tag twice',
      view({ app: APP, contains: {}, appTags: ['x', 'x'] }),
      'views[0].metadata.appTags: has an entry twice.',
    ],
    [
      'with an annotation without id',
      view({ app: APP, contains: {} }, { annotations: [{ '@type': TYPE, properties: {} }] }),
      'views[0].annotations[0].properties: id is missing.',
    ],
  ])('says what is wrong with a view %s', (_, wrong, sentence) => {
    expect(complaints(document(wrong))).toEqual([sentence]);
  });

  it('names the document itself when a part of it is missing', () => {
    expect(complaints({ metadata: { mmif: 'http://mmif.clams.ai/1.0.5' }, views: [] })).toEqual([
      'document: documents is missing.',
    ]);
  });

  it('says so when the text is no JSON', () => {
    expect(validateMmif('{"metadata":')).toEqual([expect.stringContaining('The text is no JSON')]);
    expect(validateMmif('[]')).toEqual(['document: must be an object, not a list.']);
  });

  it('stops after 20 complaints', () => {
    expect(complaints(document(...Array.from({ length: 30 }, () => view({ app: APP }))))).toHaveLength(20);
  });
});
