import { describe, expect, it } from '@jest/globals';
import { importBody, importTypeOf } from './import-type.js';

describe(importTypeOf, () => {
  it.each<[string, string, string]>([
    ['tapes.csv', 'cpb-aacip-507-a', 'text/csv'],
    ['TAPES.TSV', 'x', 'text/csv'],
    ['tapes.json', 'x', 'application/json'],
    ['-', 'GUID,Title\ncpb-aacip-507-a,News', 'text/csv'],
    ['-', 'GUID\ncpb-aacip-507-a', 'text/csv'],
    ['-', '"AAPB ID"\ncpb-aacip-507-a', 'text/csv'],
    ['-', 'sep=;\nGUID', 'text/csv'],
    ['-', 'a\tb', 'text/csv'],
    ['list.txt', 'cpb-aacip-507-a\ncpb-aacip-507-b', 'text/plain'],
    ['list.txt', '\r\n cpb-aacip/507-a', 'text/plain'],
    ['-', '\u00ef\u00bb\u00bfGUID\ncpb', 'text/csv'],
    ['-', ' [ "cpb-aacip-507-a" ]', 'application/json'],
    ['-', '{"guids": []}', 'application/json'],
    ['-', '', 'text/plain'],
  ])('detects %s with %j as %s', (name, text, type) => {
    expect(importTypeOf(name, Buffer.from(text, 'latin1'))).toBe(type);
  });

  it('detects columns in UTF-16', () => {
    expect(importTypeOf('-', Buffer.from('\ufeffGUID;Title\n', 'utf16le'))).toBe('text/csv');
  });
});

describe(importBody, () => {
  it.each([
    [['a', 'b'], { guids: ['a', 'b'] }],
    [[{ guid: 'a' }], { files: [{ guid: 'a' }] }],
    [{ folder: '/tapes' }, { folder: '/tapes' }],
    [7, null],
  ])('converts %j to %j', (list, body) => expect(importBody(list)).toEqual(body));
});
