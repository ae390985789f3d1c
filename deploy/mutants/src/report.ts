import type { CoreResult } from './run-mutants.js';

/** Share of mutants that specs have to kill. */
export const MIN_KILLED = 0.95;

/** One line for each file, its survivors below it, and the total. */
export function reportOf(results: readonly CoreResult[]): string {
  const lines = results.flatMap(({ file, killed, survived }) => [
    `${String(killed).padStart(5)} killed ${String(survived.length).padStart(4)} survived  ${file}`,
    ...survived.map(
      ({ line, original, replacement }) => `        ${line}: ${short(original)}  ->  ${short(replacement)}`,
    ),
  ]);
  const killed = sumOf(results, (result) => result.killed);
  const survived = sumOf(results, (result) => result.survived.length);
  return [
    ...lines,
    `${killed} killed, ${survived} survived: ${(shareKilled(results) * 100).toFixed(1)} % killed.`,
  ].join('\n');
}

/** Share of killed mutants, from 0 to 1; 1 without mutants. */
export function shareKilled(results: readonly CoreResult[]): number {
  const killed = sumOf(results, (result) => result.killed);
  const all = killed + sumOf(results, (result) => result.survived.length);
  return all === 0 ? 1 : killed / all;
}

const sumOf = (results: readonly CoreResult[], count: (result: CoreResult) => number): number =>
  results.reduce((sum, result) => sum + count(result), 0);

const short = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 70 ? `${line.slice(0, 67)}...` : line || '(removed)';
};
