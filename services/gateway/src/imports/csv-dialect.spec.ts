import { describe, expect, it } from '@jest/globals';
import { cellText, csvColumns, csvDialect } from './csv-dialect.js';

describe('csvDialect', () => {
  it.each([
    ['GUID,Title\na,b', ',', 0],
    ['GUID;Title\na;b,c,d,e', ';', 0],
    ['GUID\tTitle\na\tb', '\t', 0],
    ['GUID;"Title, with, many, commas"\n', ';', 0],
    ['GUID\r\na\r\n', ',', 0],
    ['\r\n\r\nGUID;Title\r\n', ';', 0],
    ['sep=;\r\nGUID;Title', ';', 7],
    ['sep=|\nGUID|Title', '|', 6],
    ['xsep=,\nGUID', ',', 0],
    ['"Title;a";GUID\n', ';', 0],
    ['', ',', 0],
  ])('detects the dialect of %j: delimiter %j, preamble of %i characters', (head, delimiter, preamble) => {
    expect(csvDialect(head)).toEqual({ delimiter, preamble });
  });
});

describe('csvColumns', () => {
  it.each([
    [['guid', 'title', 'path'], 0, 1, 2],
    [['Title', 'Asset ID', 'File Name'], 1, 0, 2],
    [['AAPB ID', 'ID'], 0, null, null],
    [['ID', 'AAPB GUID'], 1, null, null],
    [['Year', 'GUID '], 1, null, null],
  ])('finds the columns of %j by their headers, in any order and case', (headers, guid, title, path) => {
    expect(csvColumns(headers)).toMatchObject({ hasHeader: true, guid, title, path });
  });

  it('keeps each other header as a unique metadata name and ignores columns without a header', () => {
    expect(csvColumns(['Year', 'GUID', 'Year', '', 'Söndag'])?.metadata).toEqual([
      'Year',
      null,
      'Year (2)',
      null,
      'Söndag',
    ]);
  });

  it('numbers repeated headers from 2, and shortens long ones to 190 characters', () => {
    const long = 'x'.repeat(250);
    expect(csvColumns(['GUID', 'Year', 'Year', 'Year', long])?.metadata.slice(1, 4)).toEqual([
      'Year',
      'Year (2)',
      'Year (3)',
    ]);
    expect(csvColumns(['GUID', long])?.metadata[1]).toHaveLength(190);
  });

  it('reads a first line that contains a GUID as an entry', () => {
    expect(csvColumns(['1974', 'cpb-aacip/507-x'])).toEqual({
      hasHeader: false,
      guid: 1,
      title: null,
      path: null,
      metadata: ['Column 1', null],
    });
    expect(csvColumns(['tape-1'])).toMatchObject({ hasHeader: false, guid: 0 });
    expect(csvColumns(['cpb-aacip-1', 'tape'])).toMatchObject({ hasHeader: false, guid: 0 });
  });

  it('returns null when no column can contain GUIDs', () => {
    expect(csvColumns(['Year', 'Title'])).toBeNull();
    expect(csvColumns([])).toBeNull();
  });
});

describe('cellText', () => {
  it.each([
    [' a ', 'a'],
    ['="00123"', '00123'],
    ['=" 00123 "', '00123'],
    ['="a"b', '="a"b'],
    ['a="b"', 'a="b"'],
    ['', ''],
  ])('returns the text of the cell %j as %j', (cell, text) => expect(cellText(cell)).toBe(text));
});
