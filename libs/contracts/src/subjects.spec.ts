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
} from './subjects.js';

const address = { batch: 123, run: 4567, index: 1 };

describe('subjects', () => {
  it('name app, batch, run and stage in the order that filters need', () => {
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

  it('of stages and dead letters are read back', () => {
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
    'stage',
    '',
  ])('do not name a stage in %j', (subject) => {
    expect(parseStageSubject(subject)).toBeNull();
  });

  it('of progress are read back', () => {
    expect(parseProgressSubject(progressSubject(address))).toEqual(address);
  });

  it.each([
    'progress.123.4567',
    'progress.123.4567.1.2',
    'progress.123.4567.x',
    'progress.123.0x1.1',
    'stage.whisper.123.4567.1',
    '',
  ])('do not name a progress in %j', (subject) => {
    expect(parseProgressSubject(subject)).toBeNull();
  });
});

describe(isToken, () => {
  it.each(['whisper', 'SWT_7-5', '0'])('takes %j', (text) => {
    expect(isToken(text)).toBe(true);
  });

  it.each(['', 'a.b', 'a b', '*', '>', 'ü', 'a\n'])('does not take %j', (text) => {
    expect(isToken(text)).toBe(false);
  });
});

describe(appSlug, () => {
  it.each([
    ['SWT Detection', 'v7.5', 'swt-detection_v7-5'],
    ['whisper', '', 'whisper'],
    ['  Tone & Bars!  ', '1.0.0+build', 'tone-bars_1-0-0-build'],
  ])('makes one token of %j and %j', (name, version, slug) => {
    expect(appSlug(name, version)).toBe(slug);
    expect(isToken(slug)).toBe(true);
  });

  it('does not make a token of a name without letter or digit', () => {
    expect(isToken(appSlug('***', ''))).toBe(false);
  });
});
