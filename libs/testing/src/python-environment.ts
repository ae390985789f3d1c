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

/** A Python environment with packages. */
export interface PythonEnvironment {
  /** The interpreter; the scripts beside it do not work, because the folder was moved. */
  readonly python: string;
  /** Versions of the installed packages by lower-case name, and of `python`. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The environment cannot be created on this machine; the message contains the reason and the remedy. */
export class PythonUnavailable extends Error {
  override readonly name = 'PythonUnavailable';
}

/** The content of an environment. */
export interface PythonEnvironmentOptions {
  /** Folder of the environment. */
  readonly folder: string;
  /** The main package, such as `clams-python`, and its version. */
  readonly package: string;
  readonly version: string;
  /** Arguments of consecutive `pip install` calls. */
  readonly installs: readonly (readonly string[])[];
  /** File with the pinned version of each package; a change of the file recreates the environment. */
  readonly constraints: string;
  /** Folders to search for Python; default: the variable PATH. */
  readonly path?: string;
  /** Called before a slow step. */
  readonly onStep?: (sentence: string) => void;
}

/**
 * Returns the environment in a folder; creates it first if it is missing, broken or has other constraints. pip reads its
 * settings from variables such as `PIP_INDEX_URL`. The environment is created in a temporary folder and then moved, so that
 * processes can call this concurrently and a killed one leaves no environment that looks complete. Throws
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
    await createEnvironment(command, unfinished, options);
    await putInPlace(unfinished, options);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  const created = await openEnvironment(options);
  if (!created)
    throw new PythonUnavailable(
      `${options.package} ${options.version} was installed into ${folder} but cannot be loaded.`,
    );
  return created;
}

/** Moves a new environment to its folder, unless another process was faster. */
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
/** The constraints of an environment, stored in it. */
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
  const reason = found.length > 0 ? found.join(' and ') : 'PATH contains no Python';
  throw new PythonUnavailable(`Python ${OLDEST_PYTHON.join('.')} or newer is needed, but ${reason}: install it.`);
}

async function createEnvironment(command: string, folder: string, options: PythonEnvironmentOptions): Promise<void> {
  const { package: name, version, installs, path } = options;
  await run(command, ['-m', 'venv', '--clear', folder], INSTALL_WITHIN, { PATH: path }).catch((error: unknown) => {
    throw new PythonUnavailable(
      `${command} cannot create an environment (${lastLine(error)}): install its module venv (Debian: python3-venv).`,
      { cause: error },
    );
  });
  const constraints = constraintsIn(folder);
  await copyFile(options.constraints, constraints);
  // Unlike --constraint, these variables also apply to build requirements; pip 25.3 and later need the second one.
  const variables = { PIP_CONSTRAINT: constraints, PIP_BUILD_CONSTRAINT: constraints };
  // Compiling all modules doubles the time; modules are compiled when they are loaded.
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--no-compile', '--retries', '2'];
  for (const install of installs) {
    await run(pythonIn(folder), [...pip, ...install], INSTALL_WITHIN, variables).catch((error: unknown) => {
      throw new PythonUnavailable(
        `${name} ${version} could not be installed from PyPI (${lastLine(error)}): check the network, or set PIP_INDEX_URL to another index.`,
        { cause: error },
      );
    });
  }
}

/** Runs a program; undefined variables keep their value. */
const run = (
  command: string,
  args: readonly string[],
  timeout: number,
  variables: Readonly<Record<string, string | undefined>> = {},
) => {
  const set = Object.entries(variables).filter(([, value]) => value !== undefined);
  return promisify(execFile)(command, args, { timeout, env: { ...process.env, ...Object.fromEntries(set) } });
};

/** The last output line of a failed program, or why it did not run. */
function lastLine(error: unknown): string {
  const { stderr = '', stdout = '', message } = error as { stderr?: string; stdout?: string; message: string };
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
  return lines.findLast((line) => line !== '') ?? message;
}

/** Removes the temporary folders of killed processes. */
async function removeUnfinished(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.`;
  for (const name of await readdir(dirname(folder))) {
    const pid = Number(name.startsWith(prefix) ? /^\d+(?=-)/.exec(name.slice(prefix.length))?.[0] : 0);
    if (pid > 0 && !isAlive(pid)) await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}
