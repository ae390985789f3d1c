import { describe, expect, it } from '@jest/globals';
import { validateMmif } from '../index.js';

const TYPE = 'http://mmif.clams.ai/vocabulary/TimeFrame/v6';
const APP = 'http://apps.clams.ai/shots/v1';
const view = (metadata: object, more: object = {}) => ({ id: 'v_0', metadata, annotations: [], ...more });
const document = (...views: object[]) => ({
  metadata: { mmif: 'http://mmif.clams.ai/1.0.5' },
  documents: [{ '@type': 'http://mmif.clams.ai/vocabulary/VideoDocument/v1', properties: { id: 'd1' } }],
  views,
});
const errors = (json: object) => validateMmif(JSON.stringify(json));

describe('validateMmif', () => {
  it.each([
    ['annotations', { app: APP, contains: { [TYPE]: {} } }],
    ['an error', { app: APP, error: { message: 'no' } }],
    ['warnings', { app: APP, warnings: ['careful'] }],
    ['local time without a zone', { app: APP, contains: {}, timestamp: '2023-07-26T01:40:11.385102' }],
    ['time with a zone', { app: APP, contains: {}, timestamp: '2023-07-26T01:40:11Z' }],
    ['keys of later versions', { app: APP, contains: {}, appProfiling: { runningTime: '0:00:01' }, appTags: ['x'] }],
    ['lists of parameters', { app: APP, contains: {}, parameters: { a: 'x', b: ['y', 'z'] } }],
  ])('accepts a view with %s', (_, metadata) => expect(errors(document(view(metadata)))).toEqual([]));

  it.each([
    ['without contents', view({ app: APP }), 'views[0].metadata: one of contains, warnings, error is missing.'],
    ['without an app', view({ contains: {} }), 'views[0].metadata: app is missing.'],
    [
      'with two kinds of contents',
      view({ app: APP, contains: {}, error: { message: 'no' } }),
      'views[0].metadata: has contains and error, but only one of them is allowed.',
    ],
    [
      'whose app is not a URI',
      view({ app: 'my shots', contains: {} }),
      'views[0].metadata.app: "my shots" is not a valid URI.',
    ],
    [
      'with an invalid time',
      view({ app: APP, contains: {}, timestamp: 'yesterday' }),
      'views[0].metadata.timestamp: "yesterday" is not a valid date and time.',
    ],
    [
      'with a short type in contains',
      view({ app: APP, contains: { TimeFrame: {} } }),
      'views[0].metadata.contains: TimeFrame is not allowed here.',
    ],
    [
      'with a type whose value is not an object',
      view({ app: APP, contains: { [TYPE]: 1 } }),
      `views[0].metadata.contains["${TYPE}"]: must be an object, not a number.`,
    ],
    [
      'with a number as parameter',
      view({ app: APP, contains: {}, parameters: { 'a b': 1 } }),
      'views[0].metadata.parameters["a b"]: must be a string or a list of strings, not a number.',
    ],
    ['with an unknown key', view({ app: APP, contains: {} }, { note: 1 }), 'views[0]: note is not allowed here.'],
    ['with an empty id', view({ app: APP, contains: {} }, { id: '' }), 'views[0].id: must not be empty.'],
    [
      'with the same tag twice',
      view({ app: APP, contains: {}, appTags: ['x', 'x'] }),
      'views[0].metadata.appTags: contains the same entry twice.',
    ],
    [
      'with an annotation without id',
      view({ app: APP, contains: {} }, { annotations: [{ '@type': TYPE, properties: {} }] }),
      'views[0].annotations[0].properties: id is missing.',
    ],
  ])('names the fault in a view %s', (_, wrong, sentence) => {
    expect(errors(document(wrong))).toEqual([sentence]);
  });

  it('names the document as the place when a part of it is missing', () => {
    expect(errors({ metadata: { mmif: 'http://mmif.clams.ai/1.0.5' }, views: [] })).toEqual([
      'document: documents is missing.',
    ]);
  });

  it('reports a text that is not valid JSON', () => {
    expect(validateMmif('{"metadata":')).toEqual([expect.stringContaining('The text is not valid JSON')]);
    expect(validateMmif('[]')).toEqual(['document: must be an object, not a list.']);
  });

  it('returns at most 20 errors', () => {
    expect(errors(document(...Array.from({ length: 30 }, () => view({ app: APP }))))).toHaveLength(20);
  });
});
