import { describe, expect, it } from '@jest/globals';
import { parseAppMetadata, readAppMetadata } from '../src/index.js';
import { classify } from './app-under-test.js';
import { bytes } from './documents.js';
import { GENERATIONS } from './generations.js';
import { readRecordings, replyOf } from './recordings.js';
import { SITUATIONS } from './situations.js';

/** What genuine apps answered when `RECORD=1` was set; `README.md` tells how. */
describe.each([GENERATIONS['1.0.9'], GENERATIONS['1.3.3'], GENERATIONS['1.8.0']])('$name', (generation) => {
  it('describes itself in a way that is understood', async () => {
    const { metadata } = await readRecordings(generation);
    expect(readAppMetadata(parseAppMetadata(metadata))).toMatchObject({
      identifier: 'http://apps.clams.ai/probe/v1',
      mmifVersion: generation.mmifVersion,
    });
  });

  it.each(SITUATIONS.filter((situation) => situation.expected(generation) !== null))(
    'is judged well: $name',
    async (situation) => {
      const { recordings } = await readRecordings(generation);
      const recording = recordings.find((one) => one.situation === situation.name);
      if (!recording) throw new Error(`There is no recording of "${situation.name}": record it.`);
      const input = situation.input instanceof Uint8Array ? situation.input : bytes(recording.input!);
      const expected = situation.expected(generation)!;
      expect(classify(replyOf(recording), input)).toMatchObject({
        outcome: expected.outcome,
        sentence: expect.stringContaining(expected.sentence),
      });
    },
  );
});
