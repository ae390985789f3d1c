import { describe, expect, it } from '@jest/globals';
import { parseAppMetadata, readAppMetadata } from '../src/index.js';
import { classify } from './app-under-test.js';
import { bytes } from './documents.js';
import { GENERATIONS } from './generations.js';
import { readRecordings, replyOf } from './recordings.js';
import { SITUATIONS } from './situations.js';

/** Classifies the answers of genuine apps that were recorded with `RECORD=1`; see `README.md`. */
describe.each([GENERATIONS['1.0.9'], GENERATIONS['1.3.3'], GENERATIONS['1.8.0']])('$name', (generation) => {
  it('has metadata that is understood', async () => {
    const { metadata } = await readRecordings(generation);
    expect(readAppMetadata(parseAppMetadata(metadata))).toMatchObject({
      identifier: 'http://apps.clams.ai/probe/v1',
      mmifVersion: generation.mmifVersion,
    });
  });

  it.each(SITUATIONS.filter((situation) => situation.expected(generation) !== null))(
    'is classified correctly: $name',
    async (situation) => {
      const { recordings } = await readRecordings(generation);
      const recording = recordings.find((one) => one.situation === situation.name);
      if (!recording)
        throw new Error(`There is no recording of "${situation.name}". Record it as README.md describes.`);
      const input = situation.input instanceof Uint8Array ? situation.input : bytes(recording.input!);
      const expected = situation.expected(generation)!;
      expect(classify(replyOf(recording), input)).toMatchObject({
        outcome: expected.outcome,
        sentence: expect.stringContaining(expected.sentence),
      });
    },
  );
});
