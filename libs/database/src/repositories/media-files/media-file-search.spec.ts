import { describe, expect, it } from '@jest/globals';
import { wordPatterns } from './media-file-search.js';

describe('wordPatterns', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['  ', []],
    ['Evening  News', ['%evening%', '%news%']],
    ['cpb-aacip/507_X', ['%cpb-aacip-507-x%']],
    ['tv', ['% tv%']],
    ['100%', [String.raw`%100\%%`]],
    [String.raw`a\b`, [String.raw`%a\\b%`]],
  ])('turns %j into %j', (query, patterns) => expect(wordPatterns(query)).toEqual(patterns));
});
