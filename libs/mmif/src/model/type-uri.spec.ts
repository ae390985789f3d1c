import { describe, expect, it } from '@jest/globals';
import { compareTypes, shortType, vocabularyOf } from './type-uri.js';

const OLD = 'http://mmif.clams.ai/vocabulary';
const NEW = 'http://clams.ai/vocabulary/type';
const LAPPS = 'http://vocab.lappsgrid.org';

describe('shortType', () => {
  it.each([
    [`${OLD}/TimeFrame/v6`, 'TimeFrame'],
    [`${NEW}/TimeFrame/v6`, 'TimeFrame'],
    ['http://mmif.clams.ai/0.4.0/vocabulary/TimeFrame', 'TimeFrame'],
    ['http://mmif.clams.ai/0.4.2/vocabulary/TimeFrame/', 'TimeFrame'],
    [`${LAPPS}/Token`, 'Token'],
    ['TimeFrame', 'TimeFrame'],
  ])('shortens %s to %s', (uri, name) => expect(shortType(uri)).toBe(name));
});

describe('compareTypes', () => {
  it.each([
    [`${OLD}/TimeFrame/v6`, `${OLD}/TimeFrame/v6`, 'same'],
    [`${OLD}/TimeFrame/v6`, `${OLD}/TimeFrame/v6/`, 'same'],
    [`${OLD}/TimeFrame/v1`, `${OLD}/TimeFrame/v6`, 'other-version'],
    ['http://mmif.clams.ai/0.4.0/vocabulary/TimeFrame', `${OLD}/TimeFrame/v1`, 'other-version'],
    [`${OLD}/VideoDocument/v1`, `${NEW}/VideoDocument/v2`, 'other-vocabulary'],
    [`${LAPPS}/Token`, `${OLD}/Token/v1`, 'other-vocabulary'],
    [`${OLD}/TimeFrame/v1`, 'https://mmif.clams.ai/vocabulary/TimeFrame/v1', 'other-vocabulary'],
    ['http://a.org/Shot', 'http://b.org/Shot', 'other-vocabulary'],
    ['http://a.org/Shot/v1', 'http://a.org/Shot/v2', 'other-version'],
    [`${OLD}/TimeFrame/v6`, `${OLD}/TimePoint/v6`, 'other'],
  ])('relates %s and %s as %s', (left, right, relation) => {
    expect(compareTypes(left, right)).toBe(relation);
    expect(compareTypes(right, left)).toBe(relation);
  });
});

describe('vocabularyOf', () => {
  it.each([
    [`${OLD}/TimeFrame/v6`, 'old'],
    ['http://mmif.clams.ai/0.4.0/vocabulary/TimeFrame', 'old'],
    [`${NEW}/TimeFrame/v6`, 'new'],
    [`${LAPPS}/Token`, 'lapps'],
    ['https://mmif.clams.ai/vocabulary/TimeFrame/v6', 'other'],
    ['TimeFrame', 'other'],
  ])('assigns %s to the vocabulary %s', (uri, vocabulary) => expect(vocabularyOf(uri)).toBe(vocabulary));
});
