import { describe, expect, it } from '@jest/globals';
import { checkAddition } from './duties.js';

const document = (views: readonly unknown[], location = 'file:///media/a.mp4') =>
  JSON.stringify({ metadata: { mmif: 'x' }, documents: [{ properties: { location } }], views });
const [one, two] = [
  { id: 'v1', annotations: [] },
  { id: 'v2', annotations: [{ id: 'a' }] },
];

describe(checkAddition, () => {
  it('accepts the input with new views at the end', () => {
    expect(() => checkAddition(document([]), document([one]))).not.toThrow();
    expect(() => checkAddition(document([one]), document([one, two]))).not.toThrow();
  });

  it.each([
    ['another document', document([one], 'file:///media/b.mp4')],
    ['a changed view', document([two, one])],
    ['a lost view', document([])],
  ])('rejects an answer with %s', (_, answer) => {
    expect(() => checkAddition(document([one]), answer)).toThrow('The answer is not its input with new views.');
  });

  it('rejects an answer without a new view', () => {
    expect(() => checkAddition(document([one]), document([one]))).toThrow('The answer has no new view.');
  });

  it('rejects an answer that is not JSON', () => {
    expect(() => checkAddition(document([]), '<html>')).toThrow('not valid JSON');
  });
});
