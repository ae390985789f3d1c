import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundled } from './bundle.js';
import { compiles } from './compiles.js';
import type { Core } from './cores.js';
import { applied, type Mutant } from './mutate.js';
import { SpecProcess } from './spec-process.js';

/** A mutant may take this many times the time of its spec, plus a fixed time, before it counts as killed. */
const TIMES_SLOWER = 5;
const EXTRA_MS = 5_000;
const FIRST_RUN_MS = 120_000;
/** A slower spec runs only if it is the nearest one of a core. */
const MAX_SPEC_MS = 10_000;

/** Mutants of one core, as they ended. */
export interface CoreResult {
  readonly file: string;
  readonly killed: number;
  readonly survived: readonly Mutant[];
}

export interface MutantRun {
  readonly root: string;
  /** Bundles are written here and removed at the end; packages must resolve from it. */
  readonly folder: string;
  /** Processes that run specs at the same time. */
  readonly processes: number;
}

/** Runs the mutants of one core against its specs, the nearest first, until one of them fails. */
export async function runCore(core: Core, mutants: readonly Mutant[], run: MutantRun): Promise<CoreResult> {
  const survived: Mutant[] = [];
  if (mutants.length === 0) return { file: core.file, killed: 0, survived };
  const { root, folder, processes } = run;
  await mkdir(folder, { recursive: true });
  const source = await readFile(join(root, core.file), 'utf8');
  const pool = Array.from({ length: processes }, () => new SpecProcess());
  let bundles = 0;
  const runSpec = async (process: SpecProcess, spec: string, text: string, limitMs: number) => {
    const path = join(folder, `${(bundles += 1)}.mjs`);
    const code = await bundled(root, spec, new Map([[core.file, text]])).catch((error: Error) => error);
    // A mutant that cannot be parsed counts as killed, as one that does not compile.
    if (code instanceof Error) return { failed: code.message, ms: 0 };
    await writeFile(path, code);
    const result = await process.run(path, limitMs);
    await rm(path);
    return result;
  };
  const limits = new Map<string, number | null>();
  /** The time limit of a spec; null if it is too slow, or unreliable on a busy machine, and not the nearest. */
  const limitOf = async (process: SpecProcess, spec: string): Promise<number | null> => {
    const known = limits.get(spec);
    if (known !== undefined) return known;
    const isNearest = spec === core.specs[0];
    const { failed, ms } = await runSpec(process, spec, source, isNearest ? FIRST_RUN_MS : MAX_SPEC_MS);
    if (failed !== null && isNearest) throw new Error(`${spec} fails on the unchanged ${core.file}: ${failed}`);
    limits.set(spec, failed === null ? ms * TIMES_SLOWER + EXTRA_MS : null);
    return limits.get(spec)!;
  };
  const isKilled = async (process: SpecProcess, mutant: Mutant): Promise<boolean> => {
    const text = applied(source, mutant);
    for (const spec of core.specs) {
      const limitMs = await limitOf(process, spec);
      if (limitMs === null) continue;
      if ((await runSpec(process, spec, text, limitMs)).failed !== null) return true;
    }
    return false;
  };
  try {
    const waiting = mutants.values();
    await Promise.all(
      pool.map(async (process) => {
        // All processes take their mutants from one iterator.
        for (const mutant of waiting)
          if (!(await isKilled(process, mutant)) && compiles(root, core.file, applied(source, mutant)))
            survived.push(mutant);
      }),
    );
  } finally {
    for (const process of pool) process.stop();
    await rm(folder, { recursive: true, force: true });
  }
  survived.sort((left, right) => left.start - right.start);
  return { file: core.file, killed: mutants.length - survived.length, survived };
}
