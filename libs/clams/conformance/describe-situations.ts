import { afterAll, expect, it } from '@jest/globals';
import { readMmif } from '#libs/mmif';
import { fetchAppMetadata } from '../src/index.js';
import { bodyOf } from './app-under-test.js';
import { type Recording, recordingOf, writeRecordings } from './recordings.js';
import { inputOf, SITUATIONS } from './situations.js';
import type { Subject } from './subject.js';

/** Tests the classification of every situation; records the answers of the apps if `isRecording`. */
export function describeSituations(subject: Subject, isRecording: boolean): void {
  const { generation } = subject;
  const situations = SITUATIONS.filter((situation) => situation.expected(generation) !== null);
  const recordings: Recording[] = [];
  afterAll(async () => {
    // A run of selected tests must not overwrite the recordings of the others.
    if (!isRecording || !generation.isPython || recordings.length < situations.length) return;
    const metadata = await fetchAppMetadata(subject.app().served.url);
    await writeRecordings(generation, { versions: subject.versions, metadata, recordings });
  });

  it.each(situations)('is classified correctly: $name', async (situation) => {
    const exchange = await situation.exchange(subject.app(), await inputOf(situation, subject.app()));
    recordings.push(recordingOf(situation.name, exchange, !(situation.input instanceof Uint8Array)));
    const { outcome, sentence } = situation.expected(generation)!;
    const isFailure = !['ok', 'ok-with-warnings', 'empty'].includes(outcome);
    expect(exchange.classified).toMatchObject({
      outcome,
      sentence: expect.stringContaining(sentence),
      success: !isFailure,
    });
    expect(exchange.classified.fingerprint?.startsWith(`probe|${outcome}|`) ?? false).toBe(isFailure);
  });

  it('reports the stack trace of an exception', async () => {
    const { classified } = await subject.app().call({ what: 'fail' });
    expect(classified.trace).toContain(generation.isPython ? 'in fail\n' : 'kit-probe');
    expect(classified.fingerprint).toBe('probe|app-error|ValueError: no bars in <guid>: größer');
  });

  it('has notices of the SDK that are separated from warnings', async () => {
    const { classified } = await subject.app().call({ what: 'warn of old code' });
    expect(classified.warnings).toEqual([]);
    expect(classified.notices.join('\n')).toContain(generation.isPython ? 'old code' : '');
  });

  it('fails a second time without its answer being used as an output', async () => {
    const first = bodyOf(await subject.app().call({ count: 2 }));
    const second = await subject.app().call({ what: 'fail' }, { input: first });
    // The SDK overwrites the last view of the same app, so its answer is not a usable document; the kit adds a view.
    const added = readMmif(bodyOf(second)).views.length - readMmif(first).views.length;
    expect(added).toBe(generation.isPython ? 0 : 1);
    expect(second.classified).toMatchObject({ outcome: 'app-error', success: false });
  });

  it('is not blamed for the error of an earlier app', async () => {
    const failed = bodyOf(await subject.app().call({ what: 'fail' }));
    const later = new TextEncoder().encode(
      new TextDecoder().decode(failed).replaceAll('http://apps.clams.ai/probe/v1', 'http://apps.clams.ai/earlier/v1'),
    );
    const { classified } = await subject.app().call({}, { input: later });
    expect(classified).toMatchObject({ outcome: 'ok', counts: { TimeFrame: 1 } });
  });
}
