import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isAlive } from './test-run.js';

const MINUTE = 60_000;
const CHECK_WITHIN = MINUTE / 2;
const INSTALL_WITHIN = 5 * MINUTE;
const OLDEST_PYTHON = [3, 10] as const;
const COMMANDS = ['python3', 'python'];
const VERSIONS =
  'import json, sys; from importlib.metadata import distributions; ' +
  'print(json.dumps({d.metadata["Name"].lower(): d.version for d in distributions()} | ' +
  '{"python": ".".join(map(str, sys.version_info[:3]))}))';

/** A Python of its own with some packages. */
export interface PythonEnvironment {
  /** The interpreter; scripts in its folder do not work, because the folder was moved. */
  readonly python: string;
  /** Versions of what is installed, by name in lower case, and of `python`. */
  readonly versions: Readonly<Record<string, string>>;
}

/** There can be no such environment on this machine; the message says why and what to do. */
export class PythonUnavailable extends Error {
  override readonly name = 'PythonUnavailable';
}

/** What an environment holds. */
export interface PythonEnvironmentOptions {
  /** Where it is kept. */
  readonly folder: string;
  /** The package it is made for, such as `clams-python`, and its version. */
  readonly package: string;
  readonly version: string;
  /** Arguments of `pip install`, one call after the other. */
  readonly installs: readonly (readonly string[])[];
  /** File with the version of each package that may get in or build others; another content asks for another environment. */
  readonly constraints: string;
  /** Where Python is looked for; default: the variable PATH. */
  readonly path?: string;
  /** Told when something takes a while. */
  readonly onStep?: (sentence: string) => void;
}

/**
 * Gives the environment in a folder, after making it when it is not there, does not work or has other constraints; pip
 * takes its settings from the variables (`PIP_INDEX_URL` and others). It is made under another name and then moved, so
 * any number of processes may ask at once and one that is killed leaves nothing that looks complete. Throws
 * PythonUnavailable.
 */
export async function obtainPythonEnvironment(options: PythonEnvironmentOptions): Promise<PythonEnvironment> {
  const { folder } = options;
  const kept = await openEnvironment(options);
  if (kept) return kept;
  const command = await findPython(options.path);
  await mkdir(dirname(folder), { recursive: true });
  await removeUnfinished(folder);
  options.onStep?.(`Installing ${options.package} ${options.version} from PyPI into ${folder} ...`);
  const unfinished = await mkdtemp(`${folder}.${process.pid}-`);
  try {
    await makeEnvironment(command, unfinished, options);
    await putInPlace(unfinished, options);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  const made = await openEnvironment(options);
  if (!made)
    throw new PythonUnavailable(
      `${options.package} ${options.version} was installed into ${folder} but cannot be loaded.`,
    );
  return made;
}

/** Moves a finished environment to its place, unless another process was faster. */
async function putInPlace(finished: string, options: PythonEnvironmentOptions): Promise<void> {
  const { folder } = options;
  const move = () =>
    rename(finished, folder).then(
      () => true,
      () => false,
    );
  if ((await move()) || (await openEnvironment(options))) return;
  await rm(folder, { recursive: true, force: true });
  await move();
}

const pythonIn = (folder: string): string => join(folder, 'bin', 'python');
/** What an environment was made by, kept in it. */
const constraintsIn = (folder: string): string => join(folder, 'constraints.txt');

async function openEnvironment({
  folder,
  package: name,
  version,
  constraints,
}: PythonEnvironmentOptions): Promise<PythonEnvironment | null> {
  try {
    if ((await readFile(constraintsIn(folder), 'utf8')) !== (await readFile(constraints, 'utf8'))) return null;
    const python = pythonIn(folder);
    const { stdout } = await run(python, ['-c', VERSIONS], CHECK_WITHIN);
    const versions = JSON.parse(stdout) as Record<string, string>;
    return versions[name] === version ? { python, versions } : null;
  } catch {
    return null;
  }
}

async function findPython(path: string | undefined): Promise<string> {
  const found: string[] = [];
  for (const command of COMMANDS) {
    const version = await run(command, ['-c', 'import sys; print(*sys.version_info[:2])'], CHECK_WITHIN, {
      PATH: path,
    }).then(
      ({ stdout }) => stdout.trim().split(' ').map(Number),
      () => null,
    );
    if (version === null) continue;
    const [major = 0, minor = 0] = version;
    if (major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1])) return command;
    found.push(`${command} is ${major}.${minor}`);
  }
  const reason = found.length > 0 ? found.join(' and ') : 'there is none on PATH';
  throw new PythonUnavailable(`Python ${OLDEST_PYTHON.join('.')} or newer is needed, but ${reason}: install it.`);
}

async function makeEnvironment(command: string, folder: string, options: PythonEnvironmentOptions): Promise<void> {
  const { package: name, version, installs, path } = options;
  await run(command, ['-m', 'venv', '--clear', folder], INSTALL_WITHIN, { PATH: path }).catch((error: unknown) => {
    throw new PythonUnavailable(
      `${command} cannot make an environment (${lastLine(error)}): install its module venv (Debian: python3-venv).`,
      { cause: error },
    );
  });
  const constraints = constraintsIn(folder);
  await copyFile(options.constraints, constraints);
  // Unlike --constraint, these hold for what packages are built with, too; pip 25.3 and later want the second for that.
  const variables = { PIP_CONSTRAINT: constraints, PIP_BUILD_CONSTRAINT: constraints };
  // Without --no-compile it takes twice as long; modules are compiled as they are loaded.
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--no-compile', '--retries', '2'];
  for (const install of installs) {
    await run(pythonIn(folder), [...pip, ...install], INSTALL_WITHIN, variables).catch((error: unknown) => {
      throw new PythonUnavailable(
        `${name} ${version} could not be installed from PyPI (${lastLine(error)}): check the network, or name an index with PIP_INDEX_URL.`,
        { cause: error },
      );
    });
  }
}

/** Runs a program; variables that are undefined stay as they are. */
const run = (
  command: string,
  args: readonly string[],
  timeout: number,
  variables: Readonly<Record<string, string | undefined>> = {},
) => {
  const set = Object.entries(variables).filter(([, value]) => value !== undefined);
  return promisify(execFile)(command, args, { timeout, env: { ...process.env, ...Object.fromEntries(set) } });
};

/** What a program that failed said last, or why it did not run. */
function lastLine(error: unknown): string {
  const { stderr = '', stdout = '', message } = error as { stderr?: string; stdout?: string; message: string };
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
  return lines.findLast((line) => line !== '') ?? message;
}

/** Removes what killed processes left half made. */
async function removeUnfinished(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.`;
  for (const name of await readdir(dirname(folder))) {
    const pid = Number(name.startsWith(prefix) ? /^\d+(?=-)/.exec(name.slice(prefix.length))?.[0] : 0);
    if (pid > 0 && !isAlive(pid)) await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}
