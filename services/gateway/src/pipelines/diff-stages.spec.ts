import { describe, expect, it } from '@jest/globals';
import type { Parameters, PipelineView } from '#libs/contracts';
import { diffSentences } from './diff-sentences.js';
import { diffStages } from './diff-stages.js';

type Given = readonly [name: string, parameters?: Parameters, version?: string];

const version = (...stages: readonly Given[]): PipelineView['stages'] =>
  stages.map(([name, parameters = {}, number = 'v1'], index) => ({
    index,
    app: `${name.toLowerCase()}_${number}`,
    name,
    parameters,
  }));
const changes = (from: PipelineView['stages'], to: PipelineView['stages']) =>
  diffStages(from, to).map((stage) => [stage.change, stage.from, stage.to]);
const sentences = (from: PipelineView['stages'], to: PipelineView['stages']) =>
  diffSentences(diffStages(from, to), { stages: from }, { stages: to });

describe('diffStages', () => {
  it('finds no difference between equal stages', () => {
    const same = version(['Shots', { threshold: 0.5 }], ['Text']);
    expect(changes(same, same)).toEqual([
      ['same', 0, 0],
      ['same', 1, 1],
    ]);
    expect(sentences(same, same)).toEqual([]);
  });

  it('reports only the new stage if it is inserted before others', () => {
    expect(changes(version(['Shots'], ['Text']), version(['Tones'], ['Shots'], ['Text']))).toEqual([
      ['added', null, 0],
      ['same', 0, 1],
      ['same', 1, 2],
    ]);
  });

  it('distinguishes a moved stage from a removed and a new one', () => {
    const [shots, text, names] = [['Shots'], ['Text'], ['Names']] as const;
    expect(changes(version(shots, text, names), version(text, names, shots))).toEqual([
      ['same', 1, 0],
      ['same', 2, 1],
      ['moved', 0, 2],
    ]);
    expect(changes(version(shots, text), version(names, text))).toEqual([
      ['added', null, 0],
      ['same', 1, 1],
      ['removed', 0, null],
    ]);
  });

  it('pairs stages of the same app and parameters before stages of another version', () => {
    const from = version(['Text', {}, 'v1'], ['Text', {}, 'v2']);
    expect(changes(from, version(['Text', {}, 'v2']))).toEqual([
      ['same', 1, 0],
      ['removed', 0, null],
    ]);
    expect(changes(version(['Text', {}, 'v2']), from)).toEqual([
      ['added', null, 0],
      ['same', 0, 1],
    ]);
  });

  it('reports only the removed stage if others follow it', () => {
    expect(changes(version(['Tones'], ['Shots'], ['Text']), version(['Shots'], ['Text']))).toEqual([
      ['same', 1, 0],
      ['same', 2, 1],
      ['removed', 0, null],
    ]);
  });

  it('pairs moved stages that are equal before moved ones that have changed', () => {
    const from = version(['Text', { a: 1 }], ['Text', { a: 2 }], ['Shots'], ['Tones'], ['Names']);
    const to = version(['Shots'], ['Tones'], ['Names'], ['Text', { a: 2 }], ['Text', { a: 1 }]);
    expect(changes(from, to)).toEqual([
      ['same', 2, 0],
      ['same', 3, 1],
      ['same', 4, 2],
      ['moved', 1, 3],
      ['moved', 0, 4],
    ]);
    const other = version(['Shots'], ['Tones'], ['Names'], ['Text', { a: 3 }], ['Text', {}, 'v2']);
    expect(changes(from, other)).toEqual([
      ['same', 2, 0],
      ['same', 3, 1],
      ['same', 4, 2],
      ['moved', 0, 3],
      ['replaced', 1, 4],
    ]);
  });

  it('pairs each stage once', () => {
    expect(changes(version(['Text']), version(['Text'], ['Text']))).toEqual([
      ['same', 0, 0],
      ['added', null, 1],
    ]);
    expect(changes(version(['Text'], ['Text']), version(['Text']))).toEqual([
      ['same', 0, 0],
      ['removed', 1, null],
    ]);
  });

  it('treats another version of an app as the same stage', () => {
    const [stage] = diffStages(version(['Text', {}, 'v1']), version(['Text', {}, 'v2']));
    expect(stage).toMatchObject({ change: 'replaced', app: 'text_v2', before: 'text_v1' });
  });

  it('pairs other versions of an app in order before it pairs them elsewhere', () => {
    const from = version(['Text', {}, 'v1'], ['Shots'], ['Text', {}, 'v2']);
    expect(changes(from, version(['Shots'], ['Text', {}, 'v3'], ['Text', {}, 'v4']))).toEqual([
      ['same', 1, 0],
      ['replaced', 2, 1],
      ['replaced', 0, 2],
    ]);
  });

  it('pairs stages of the same version before stages of another one, whatever their parameters', () => {
    expect(changes(version(['Text', { a: 1 }]), version(['Text', { a: 1 }, 'v2'], ['Text', { a: 2 }]))).toEqual([
      ['added', null, 0],
      ['changed', 0, 1],
    ]);
  });

  it('distinguishes stages of one app by their parameters', () => {
    const [low, high] = [
      ['Text', { threshold: 0.1 }],
      ['Text', { threshold: 0.9 }],
    ] as const;
    expect(changes(version(low, high), version(high))).toEqual([
      ['same', 1, 0],
      ['removed', 0, null],
    ]);
  });

  it('reports changed parameters, but not those in another order', () => {
    const from = version(['Shots', { threshold: 0.5, labels: ['a', 'b'], gone: 1 }]);
    const to = version(['Shots', { fresh: true, labels: ['a', 'b'], threshold: 0.7 }]);
    expect(diffStages(from, to)[0]?.parameters).toEqual([
      { name: 'threshold', from: 0.5, to: 0.7 },
      { name: 'gone', from: 1, to: null },
      { name: 'fresh', from: null, to: true },
    ]);
    expect(diffStages(version(['Shots', { x: 1 }]), version(['Shots', { x: 2 }]))).toEqual([
      expect.objectContaining({ change: 'changed', before: null }),
    ]);
    const [a, b] = [version(['Shots', { x: 1, y: 2 }]), version(['Shots', { y: 2, x: 1 }])];
    expect(changes(a, b)).toEqual([['same', 0, 0]]);
  });
});

describe('diffSentences', () => {
  it('names the stage and the difference', () => {
    const from = version(['Shots', { threshold: 0.5, size: 1 }], ['Text', {}, 'v1'], ['Tones']);
    const to = version(['Shots', { threshold: 0.7, mode: 'fast' }], ['Names', { all: true }], ['Text', {}, 'v2']);
    expect(sentences(from, to)).toEqual([
      'Stage 0 (Shots) sets "threshold" to 0.7 (it was 0.5).',
      'Stage 0 (Shots) no longer sets "size" (it was 1).',
      'Stage 0 (Shots) sets "mode" to "fast" (it was not set).',
      'Stage 1 (Names) was added.',
      'Stage 1 (Names) sets "all" to true (it was not set).',
      'Stage 2 (Text) uses text_v2 instead of text_v1, which was stage 1.',
      'Stage 2 (Tones) was removed.',
    ]);
  });

  it('names the previous position of a moved stage', () => {
    expect(sentences(version(['Shots'], ['Text']), version(['Text'], ['Shots']))).toEqual([
      'Stage 1 (Shots) was stage 0.',
    ]);
  });
});
