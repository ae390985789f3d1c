import { isDeepStrictEqual } from 'node:util';
import type { PipelineView, StageDifference } from '#libs/contracts';

type Stage = PipelineView['stages'][number];
type Pair = readonly [from: number, to: number];

/** Similarity of two stages, from 0 (different apps) to 3 (same app version and parameters). */
function similarity(a: Stage, b: Stage): number {
  if (a.app !== b.app) return a.name === b.name ? 1 : 0;
  return isDeepStrictEqual(a.parameters, b.parameters) ? 3 : 2;
}

/** Pairs of stages in the same order in both lists, with the greatest total similarity (longest common subsequence). */
function pairsInOrder(from: readonly Stage[], to: readonly Stage[]): Pair[] {
  const similarities = from.map((a) => to.map((b) => similarity(a, b)));
  // best[i][j]: the greatest total similarity of from.slice(i) and to.slice(j).
  const best = Array.from({ length: from.length + 1 }, () => Array.from({ length: to.length + 1 }, () => 0));
  for (let i = from.length - 1; i >= 0; i -= 1)
    for (let j = to.length - 1; j >= 0; j -= 1)
      best[i]![j] = Math.max(best[i + 1]![j]!, best[i]![j + 1]!, similarities[i]![j]! + best[i + 1]![j + 1]!);
  const pairs: Pair[] = [];
  // After the last stage of `to`, no pair is left and i advances to the end.
  for (let i = 0, j = 0; i < from.length;) {
    const like = similarities[i]![j];
    if (like !== undefined && like > 0 && best[i]![j] === like + best[i + 1]![j + 1]!) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if (best[i]![j] === best[i + 1]![j]!) i += 1;
    else j += 1;
  }
  return pairs;
}

/** Pairs of the remaining stages, the most similar ones first; these were moved. */
function pairsElsewhere(from: readonly Stage[], to: readonly Stage[], paired: readonly Pair[]): Pair[] {
  const pairs: Pair[] = [];
  const isFree = (side: 0 | 1, index: number) => ![...paired, ...pairs].some((pair) => pair[side] === index);
  for (const wanted of [3, 2, 1])
    from.forEach((a, i) =>
      to.forEach((b, j) => {
        if (isFree(0, i) && isFree(1, j) && similarity(a, b) === wanted) pairs.push([i, j]);
      }),
    );
  return pairs;
}

function parameterDifferences(from: Stage['parameters'], to: Stage['parameters']): StageDifference['parameters'] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((name) => !isDeepStrictEqual(from[name], to[name]))
    .map((name) => ({ name, from: from[name] ?? null, to: to[name] ?? null }));
}

function pairDifference(a: Stage, b: Stage, isMoved: boolean): StageDifference {
  const parameters = parameterDifferences(a.parameters, b.parameters);
  const change = () => {
    if (a.app !== b.app) return 'replaced';
    if (isMoved) return 'moved';
    return parameters.length > 0 ? 'changed' : 'same';
  };
  return {
    change: change(),
    from: a.index,
    to: b.index,
    app: b.app,
    before: a.app === b.app ? null : a.app,
    parameters,
  };
}

/** The differences between the stages of two versions, in the order of the newer version; removed stages come last. */
export function diffStages(from: readonly Stage[], to: readonly Stage[]): StageDifference[] {
  const inOrder = pairsInOrder(from, to);
  const elsewhere = pairsElsewhere(from, to, inOrder);
  const pairs = [...inOrder, ...elsewhere];
  const newer = to.map((stage, j): StageDifference => {
    const pair = pairs.find(([, index]) => index === j);
    if (pair) return pairDifference(from[pair[0]]!, stage, elsewhere.includes(pair));
    const parameters = parameterDifferences({}, stage.parameters);
    return { change: 'added', from: null, to: stage.index, app: stage.app, before: null, parameters };
  });
  const removed = from.flatMap((stage, i): StageDifference[] => {
    if (pairs.some(([index]) => index === i)) return [];
    const parameters = parameterDifferences(stage.parameters, {});
    return [{ change: 'removed', from: stage.index, to: null, app: stage.app, before: null, parameters }];
  });
  return [...newer, ...removed];
}
