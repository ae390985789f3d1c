import { describe, expect, it } from '@jest/globals';
import {
  appSlug,
  deadSubject,
  isToken,
  jobSubject,
  liveSubject,
  parseProgressSubject,
  parseStageSubject,
  progressSubject,
  settledSubject,
  stageFilter,
  stageSubject,
  startedSubject,
  workerKey,
} from './subjects.js';

const address = { batch: 123, run: 4567, index: 1 };

describe('the key of a heartbeat', () => {
  it('names the worker and its process', () => {
    expect(workerKey('w1', 'p7')).toBe('worker.w1.p7');
  });

  it('names only the worker for a process of the previous release', () => {
    expect(workerKey('w1')).toBe('worker.w1');
  });
});

describe('a subject', () => {
  it('names app, batch, run and stage in the order that filters require', () => {
    expect(stageSubject('whisper_v1-2', address)).toBe('stage.whisper_v1-2.123.4567.1');
    expect(deadSubject('whisper_v1-2', address)).toBe('dead.whisper_v1-2.123.4567.1');
    expect(startedSubject(address)).toBe('event.123.4567.1.started');
    expect(settledSubject(address)).toBe('event.123.4567.1.settled');
    expect(progressSubject(address)).toBe('progress.123.4567.1');
    expect(liveSubject(123)).toBe('live.123');
    expect(jobSubject(123, 'submitted')).toBe('job.123.submitted');
    expect(jobSubject('apps', 'registered')).toBe('job.apps.registered');
    expect(stageFilter('whisper_v1-2')).toBe('stage.whisper_v1-2.>');
  });

  it('of a stage or a dead letter is parsed into its address', () => {
    const expected = { app: 'whisper_v1-2', ...address };
    expect(parseStageSubject(stageSubject('whisper_v1-2', address))).toEqual(expected);
    expect(parseStageSubject(deadSubject('whisper_v1-2', address))).toEqual(expected);
  });

  it.each([
    'stage.whisper.123.4567',
    'stage.whisper.123.4567.1.2',
    'stage.whisper.123.4567.one',
    'stage.whisper.123.-1.1',
    'stage.whisper.123..1',
    'stage.whisper.1e3.4567.1',
    'stage.whisper.123.1.5.1',
    'stage.whisper.9007199254740993.1.0',
    'stage.whis per.123.4567.1',
    'event.123.4567.1.settled',
    'event.whisper.123.4567.1',
    'stage',
    '',
  ])('does not name a stage when it is %j', (subject) => {
    expect(parseStageSubject(subject)).toBeNull();
  });

  it('of progress is parsed into its address', () => {
    expect(parseProgressSubject(progressSubject(address))).toEqual(address);
  });

  it.each([
    'progress.123.4567',
    'progress.123.4567.1.2',
    'progress.123.4567.x',
    'progress.123.0x1.1',
    'stage.whisper.123.4567.1',
    'stage.123.4567.1',
    '',
  ])('does not name progress when it is %j', (subject) => {
    expect(parseProgressSubject(subject)).toBeNull();
  });
});

describe('isToken', () => {
  it.each(['whisper', 'SWT_7-5', '0'])('accepts %j', (text) => {
    expect(isToken(text)).toBe(true);
  });

  it.each(['', 'a.b', 'a b', '*', '>', 'ü', 'a\n'])('rejects %j', (text) => {
    expect(isToken(text)).toBe(false);
  });
});

describe('appSlug', () => {
  it.each([
    ['SWT Detection', 'v7.5', 'swt-detection_v7-5'],
    ['whisper', '', 'whisper'],
    ['  Tone & Bars!  ', '1.0.0+build', 'tone-bars_1-0-0-build'],
  ])('turns %j and %j into one token', (name, version, slug) => {
    expect(appSlug(name, version)).toBe(slug);
    expect(isToken(slug)).toBe(true);
  });

  it('does not produce a token for a name without letters or digits', () => {
    expect(isToken(appSlug('***', ''))).toBe(false);
  });
});
