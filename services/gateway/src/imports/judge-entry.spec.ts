import { describe, expect, it } from '@jest/globals';
import { importEntry } from './import-entry.js';
import { type EntryContext, judgeEntry } from './judge-entry.js';

const entry = importEntry(7, 'cpb-aacip/507-x');
const file = (guid: string, path = `/media/${guid}.mp4`) => ({ id: 1, guid, path });
const judge = (context: Partial<EntryContext>, given = entry) =>
  judgeEntry(given, { before: null, known: [], finding: null, ...context });

describe('judgeEntry', () => {
  it('adds an entry with exactly one media file', () => {
    expect(judge({ finding: { found: 'media', path: '/media/x.mp4', kind: 'video' } })).toEqual({
      result: 'added',
      sentence: 'File: /media/x.mp4.',
      known: null,
    });
  });

  it('reports an entry without a file as unknown, with the next action', () => {
    expect(judge({ finding: { found: 'nothing', sentence: 'Put it there.' } })).toMatchObject({
      result: 'unknown',
      sentence: 'Put it there.',
    });
  });

  it('reports an entry with several files as doubtful and names three of them', () => {
    const paths = ['/a', '/b', '/c', '/d', '/e'];
    expect(judge({ finding: { found: 'several', paths } })).toMatchObject({
      result: 'doubtful',
      sentence: expect.stringContaining('/a, /b, /c and 2 more'),
    });
  });

  it('reports a file that is neither video nor audio as doubtful', () => {
    expect(judge({ finding: { found: 'other', path: '/media/x.mp4' } }).result).toBe('doubtful');
  });

  it('reports a GUID that is registered in any spelling as present', () => {
    const known = file('cpb-aacip-507-x');
    expect(judge({ known: [known] })).toMatchObject({ result: 'present', known });
  });

  it('reports a registered GUID as present with the same file and as doubtful with another file', () => {
    const known = [file('cpb-aacip-507-x', '/media/x.mp4')];
    const finding = (path: string) => ({ found: 'media', path, kind: 'video' }) as const;
    expect(judge({ known, finding: finding('/media/x.mp4') }).result).toBe('present');
    expect(judge({ known, finding: finding('/media/y.mp4') })).toMatchObject({
      result: 'doubtful',
      sentence: expect.stringContaining('/media/x.mp4'),
    });
    expect(judge({ known, finding: { found: 'nothing', sentence: 'Check its path.' } }).result).toBe('doubtful');
  });

  it('recognises the only registered spelling, even if no spelling of the entry equals it', () => {
    const known = file('CPB_AACIP_507_X');
    expect(judge({ known: [known] })).toMatchObject({ result: 'present', known });
  });

  it('prefers the spelling that is given to the usual one, and the usual one to others', () => {
    const [given, usual, other] = [file('cpb-aacip/507-x'), file('cpb-aacip-507-x'), file('cpb_aacip_507_x')];
    expect(judge({ known: [other, usual, given] })).toMatchObject({ known: given });
    expect(judge({ known: [other, usual] })).toMatchObject({ known: usual });
  });

  it('accepts a title of 500 characters and a value of 10,000, but not longer ones', () => {
    const finding = { found: 'media', path: '/media/x.mp4', kind: 'video' } as const;
    const result = (change: object) => judge({ finding }, { ...entry, ...change }).result;
    expect(result({ title: 'x'.repeat(500) })).toBe('added');
    expect(result({ title: 'x'.repeat(501) })).toBe('doubtful');
    expect(result({ metadata: { note: 'x'.repeat(10_000) } })).toBe('added');
    expect(result({ metadata: { note: 'x'.repeat(10_001) } })).toBe('doubtful');
  });

  it('accepts only an exact match when several spellings are registered', () => {
    const known = [file('a_b'), file('a-b')];
    expect(judge({ known }, importEntry(1, 'a-b'))).toMatchObject({ result: 'present', known: known[1] });
    expect(judge({ known }, importEntry(1, 'A-b'))).toMatchObject({ result: 'doubtful', known: null });
  });

  it('reports the earlier line with the same GUID, registered or not', () => {
    const known = [file('cpb-aacip-507-x')];
    expect(judge({ before: 3, known })).toEqual({
      result: 'duplicate',
      sentence: 'Line 3 has the same GUID.',
      known: known[0],
    });
  });

  it.each([
    ['no GUID', importEntry(1, 'Evening news'), 'no valid GUID'],
    ['a title that is too long', importEntry(1, 'a', { title: 'x'.repeat(501) }), '500'],
    ['a cell that is too long', importEntry(1, 'a', { metadata: { Notes: 'x'.repeat(10_001) } }), '"Notes"'],
  ])('reports an entry with %s as doubtful', (_, given, words) => {
    const finding = { found: 'media', path: '/media/a.mp4', kind: 'video' } as const;
    expect(judge({ finding }, given)).toMatchObject({ result: 'doubtful', sentence: expect.stringContaining(words) });
  });
});
