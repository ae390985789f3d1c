import type { BatchCost } from '../chowda/batches.js';
import { totalCpu } from '../measure/cpu-meter.js';
import { median, medians } from '../measure/statistics.js';
import type { Table } from './table.js';

/** Order of the process columns; other processes follow. */
const ORDER = ['nats-server', 'redis', 'worker', 'scheduler', 'recorder', 'postgres', 'notifier', 'gateway', 'apps'];

/**
 * Medians over repetitions, one line per variant: stages/s, the ratio to the variant `reference`, and CPU time per stage
 * in µs by process.
 */
export function costTable(title: string, costs: ReadonlyMap<string, readonly BatchCost[]>, reference: string): Table {
  const cpus = new Map([...costs].map(([name, all]) => [name, medians(all.map(({ cpu }) => cpu))]));
  const known = new Set([...cpus.values()].flatMap(Object.keys));
  const processes = [...ORDER.filter((name) => known.has(name)), ...[...known].filter((name) => !ORDER.includes(name))];
  const rates = (name: string) => costs.get(name)!.map(({ stages, seconds }) => stages / seconds);
  const rows = [...costs].map(([name, all]) => [
    name,
    all.length,
    median(rates(name)),
    range(rates(name)),
    median(rates(name)) / median(rates(reference)),
    ...processes.map((process) => cpus.get(name)![process] ?? Number.NaN),
    median(all.map(({ cpu }) => totalCpu(cpu))),
  ]);
  const columns = ['variant', 'reps', 'stages/s', 'min-max', 'ratio', ...processes.map((name) => `${name} µs`)];
  return { title, columns: [...columns, 'total µs'], rows };
}

const range = (values: readonly number[]): string =>
  `${Math.round(Math.min(...values))}-${Math.round(Math.max(...values))}`;
