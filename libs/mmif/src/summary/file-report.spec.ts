import { describe, expect, it } from '@jest/globals';
import { fileReport } from './file-report.js';

const OLD = 'http://mmif.clams.ai/vocabulary';
const APP = 'http://apps.clams.ai/shots/v1';
const VIDEO = {
  '@type': `${OLD}/VideoDocument/v1`,
  properties: { id: 'd1', mime: 'video', location: 'file:///a.mp4' },
};
const report = (views: object[], documents: object[] = [VIDEO]) =>
  fileReport(
    'a.mmif',
    new TextEncoder().encode(JSON.stringify({ metadata: { mmif: 'http://mmif.clams.ai/1.0.5' }, documents, views })),
  );
const frame = (id: string, end: number) => ({
  '@type': `${OLD}/TimeFrame/v6`,
  properties: { id, start: 0, end, timeUnit: 'seconds' },
});
const media = { '@type': `${OLD}/Annotation/v6`, properties: { id: 'a_1', duration: 31 * 60_000 } };

describe('the report on a file', () => {
  it('shows documents, views, errors, warnings and the coverage of the media', () => {
    const { text, valid } = report([
      {
        id: 'v_0',
        metadata: { app: APP, contains: {}, appProfiling: { runningTime: '0:00:05.4' } },
        annotations: [frame('tf_1', 300), media],
      },
      {
        id: 'v_1',
        metadata: {
          app: APP,
          warnings: [
            "{message : UserWarning('no\nsound'), category : 'UserWarning', filename : 'x'}",
            'DeprecationWarning: x',
          ],
          appRunningTime: '2:30:00',
        },
        annotations: [],
      },
      {
        id: 'v_2',
        metadata: { app: 'http://x.org/ocr', error: { message: "<class 'ValueError'>: \u001b[31mno text" } },
        annotations: [],
      },
    ]);
    expect(valid).toBe(true);
    expect(text.replace(/  [\d.]+ k?B  /, '  1 kB  ')).toBe(
      [
        'a.mmif  1 kB  MMIF 1.0.5',
        'd1  VideoDocument  video  file:///a.mp4',
        '',
        'View  App               Time   Remarks              Annotations',
        'v_0   shots/v1          5.4 s  -                    1 TimeFrame, 1 Annotation',
        'v_1   shots/v1          2.5 h  1 warning, 1 notice  none',
        'v_2   http://x.org/ocr  -      error                none',
        '      all                                           1 TimeFrame, 1 Annotation',
        '',
        'v_1 warning: UserWarning: no sound',
        'v_2 failed: ValueError:  [31mno text',
        '',
        'The last annotation ends at 0:05:00 of 0:31:00: it covers 5 of 31 min.',
      ].join('\n'),
    );
  });

  it('fits on one screen for any document', () => {
    const views = Array.from({ length: 400 }, (_, index) => ({
      id: `v_${index}`,
      metadata: { app: `${APP}${'x'.repeat(200)}`, warnings: ['careful '.repeat(90)] },
      annotations: [],
    }));
    const documents = Array.from({ length: 40 }, (_, index) => ({ ...VIDEO, properties: { id: `d${index}` } }));
    const lines = report(views, documents).text.split('\n');
    expect(lines.length).toBeLessThan(40);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(lines).toContain('... and 385 more views');
    expect(lines).toContain('... and 395 more messages');
    expect(lines).toContain('... and 35 more documents');
  });

  it.each([
    [999, '999 B'],
    [1000, '1.0 kB'],
    [1500, '1.5 kB'],
    [999_900, '999.9 kB'],
    [1_000_000, '1.0 MB'],
    [2_400_000, '2.4 MB'],
  ])('shows the size of a file of %d bytes as %s', (length, size) => {
    const document = JSON.stringify({ metadata: { mmif: 'http://mmif.clams.ai/1.0.5' }, documents: [], views: [] });
    expect(fileReport('a.mmif', new TextEncoder().encode(document.padEnd(length))).text).toContain(`a.mmif  ${size}  `);
  });

  it('states that no app has processed a source document', () => {
    expect(report([]).text).toContain('No views: no app has processed this document yet.');
  });

  it('states that annotations have no time or that the duration of the media is unknown', () => {
    const views = (...annotations: object[]) => [{ id: 'v_0', metadata: { app: APP, contains: {} }, annotations }];
    expect(report(views()).text).toContain('No annotation has a time.');
    expect(report(views(frame('tf_1', 3700))).text).toContain('ends at 1:01:40; the duration of the media is unknown.');
  });

  it('lists the errors of a file that is not valid MMIF', () => {
    expect(report([{ id: 'v_0', metadata: { app: APP }, annotations: [] }])).toEqual({
      valid: false,
      text: 'a.mmif is not valid MMIF:\n  views[0].metadata: one of contains, warnings, error is missing.',
    });
    expect(fileReport('b.mmif', new TextEncoder().encode('hello'))).toEqual({
      valid: false,
      text: expect.stringContaining('b.mmif is not valid MMIF:\n  The text is not valid JSON'),
    });
  });
});
