// Runs spin on run.pml in a temporary folder. Needs the programs spin and gcc.
import { spawn, spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODEL = fileURLToPath(new URL('run.pml', import.meta.url));
// HC4: visited states are remembered by a hash of 96 bits; 77 million of them collide with a probability below 10^-12.
const COMPILE = ['-O2', '-w', '-DSAFETY', '-DHC4', '-DVECTORSZ=2048', '-o', 'search', 'pan.c'];
/** Longest path of the search, in steps. */
const DEPTH = 200_000;
/** Slots of the hash table, as a power of two. */
const TABLE = { 1: 22, 2: 28 };

/** Rules that the model can drop, and the smallest number of faults with which the search finds the error. */
export const RULES = {
  BREAK_ORDER: 1,
  BREAK_STALE: 2,
  BREAK_REPEAT: 2,
  BREAK_FLOOR: 1,
  BREAK_SWEEP: 2,
};

/** The programs that are missing for a search. */
export const missingPrograms = () =>
  [
    ['spin', '-V'],
    ['gcc', '--version'],
  ]
    .filter(([program, argument]) => spawnSync(program, [argument]).error !== undefined)
    .map(([program]) => program);

/** The worker's steps as the model lists them, in order. */
export async function modelSteps() {
  const [, list] = /mtype:step = \{([^}]*)\}/.exec(await readFile(MODEL, 'utf8'));
  return list.split(',').map((step) => step.trim().replaceAll('_', '-'));
}

/**
 * Searches every interleaving with at most `faults` faults, without the rule `broken` if it is given. Returns the number
 * of states, and the events on the way to the first error, or null without one. Throws when the search is incomplete.
 */
export async function search({ faults, broken, memoryMiB = 12_000 }) {
  const folder = await mkdtemp(join(tmpdir(), 'chowda-model-'));
  const run = (program, args) => output(program, args, folder);
  try {
    await copyFile(MODEL, join(folder, 'run.pml'));
    await run('spin', ['-a', `-DFAULTS=${faults}`, ...(broken ? [`-D${broken}`] : []), 'run.pml']);
    await run('gcc', [`-DMEMLIM=${memoryMiB}`, ...COMPILE]);
    // -E: a life that `isOutside` ends leaves its workers anywhere; `Rest` examines all others at their end.
    const report = await run('./search', [`-m${DEPTH}`, `-w${TABLE[faults]}`, '-E']);
    const states = Number(/(\d+) states, stored/.exec(report)?.[1]);
    const errors = Number(/errors: (\d+)/.exec(report)?.[1]);
    if (errors === 0 && /not completed|max search depth too small/.test(report)) {
      throw new Error(`The search is incomplete: it needs more than ${memoryMiB} MiB or ${DEPTH} steps.`);
    }
    return { states, trail: errors === 0 ? null : trailOf(await run('spin', ['-t', 'run.pml'])) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const trailOf = (text) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(
      (line) =>
        /^(message|event|worker|broker|admission|recorder|sweeper|FAULT|spin: text)/.test(line) && !line.includes('['),
    );

/** Standard output of a program; a search that finds an error is not a failure. */
function output(program, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let errors = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0 || program === './search' || args[0] === '-t') resolve(text);
      else reject(new Error(`${program} failed with exit code ${code}: ${errors || text}`));
    });
  });
}
