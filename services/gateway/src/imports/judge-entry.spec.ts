import { describe, expect, it } from '@jest/globals';
import { importEntry } from './import-entry.js';
import { type EntryFacts, judgeEntry } from './judge-entry.js';

const entry = importEntry(7, 'cpb-aacip/507-x');
const file = (guid: string, path = `/media/${guid}.mp4`) => ({ id: 1, guid, path });
const judge = (facts: Partial<EntryFacts>, given = entry) =>
  judgeEntry(given, { before: null, known: [], finding: null, ...facts });

describe('judgeEntry', () => {
  it('adds what has one media file', () => {
    expect(judge({ finding: { found: 'media', path: '/media/x.mp4', kind: 'video' } })).toEqual({
      result: 'added',
      sentence: 'Its file is /media/x.mp4.',
      known: null,
    });
  });

  it('does not know what has no file, and says what to do', () => {
    expect(judge({ finding: { found: 'nothing', sentence: 'Put it there.' } })).toMatchObject({
      result: 'unknown',
      sentence: 'Put it there.',
    });
  });

  it('doubts what has several files, and names three', () => {
    const paths = ['/a', '/b', '/c', '/d', '/e'];
    expect(judge({ finding: { found: 'several', paths } })).toMatchObject({
      result: 'doubtful',
      sentence: expect.stringContaining('/a, /b, /c and 2 more'),
    });
  });

  it('doubts a file that is neither video nor audio', () => {
    expect(judge({ finding: { found: 'other', path: '/media/x.mp4' } }).result).toBe('doubtful');
  });

  it('finds present what is registered in any spelling', () => {
    const known = file('cpb-aacip-507-x');
    expect(judge({ known: [known] })).toMatchObject({ result: 'present', known });
  });

  it('finds present what is registered with the file that the path leads to, and doubts another file', () => {
    const known = [file('cpb-aacip-507-x', '/media/x.mp4')];
    const finding = (path: string) => ({ found: 'media', path, kind: 'video' }) as const;
    expect(judge({ known, finding: finding('/media/x.mp4') }).result).toBe('present');
    expect(judge({ known, finding: finding('/media/y.mp4') })).toMatchObject({
      result: 'doubtful',
      sentence: expect.stringContaining('/media/x.mp4'),
    });
    expect(judge({ known, finding: { found: 'nothing', sentence: 'Check its path.' } }).result).toBe('doubtful');
  });

  it('takes the very same spelling when several are registered, and doubts any other', () => {
    const known = [file('a_b'), file('a-b')];
    expect(judge({ known }, importEntry(1, 'a-b'))).toMatchObject({ result: 'present', known: known[1] });
    expect(judge({ known }, importEntry(1, 'A-b'))).toMatchObject({ result: 'doubtful', known: null });
  });

  it('tells which line has named the same before, whatever is known of it', () => {
    const known = [file('cpb-aacip-507-x')];
    expect(judge({ before: 3, known })).toEqual({
      result: 'duplicate',
      sentence: 'Line 3 names the same GUID.',
      known: known[0],
    });
  });

  it.each([
    ['no GUID', importEntry(1, 'Evening news'), 'no GUID'],
    ['an endless title', importEntry(1, 'a', { title: 'x'.repeat(501) }), '500'],
    ['an endless cell', importEntry(1, 'a', { metadata: { Notes: 'x'.repeat(10_001) } }), '"Notes"'],
  ])('doubts an entry with %s', (_, given, words) => {
    const finding = { found: 'media', path: '/media/a.mp4', kind: 'video' } as const;
    expect(judge({ finding }, given)).toMatchObject({ result: 'doubtful', sentence: expect.stringContaining(words) });
  });
});
