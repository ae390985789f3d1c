import { fileURLToPath } from 'node:url';
import { type OptionalPythonOptions, optionalPython } from './optional-python.js';
import type { PythonEnvironment } from './python-environment.js';

/** Ignored by git, beside the programs that the setup of a Jest run obtains. */
const FOLDER = fileURLToPath(new URL('../../../.chowda/python/', import.meta.url));
const constraintsOf = (version: string): string =>
  fileURLToPath(new URL(`../python/constraints-${version}.txt`, import.meta.url));

/** pip arguments for each generation of clams-python, which includes its own mmif-python. */
const INSTALLS = {
  '1.8.0': [['clams-python==1.8.0']],
  '1.3.3': [['clams-python==1.3.3']],
  // Its mmif-python has no wheel, and its setup needs modules that it does not declare.
  '1.0.9': [
    ['setuptools<60', 'wheel', 'requests', 'pyyaml'],
    ['--no-build-isolation', 'clams-python==1.0.9'],
  ],
} as const;

/** Versions of clams-python, one for each generation with a different HTTP behaviour. */
export type ClamsSdkVersion = keyof typeof INSTALLS;

/** Where to find an SDK, and whether it is required. */
export interface ClamsSdkOptions extends OptionalPythonOptions {
  readonly folder?: string;
  /** Folders to search for Python; default: the variable PATH. */
  readonly path?: string;
}

/**
 * A Python environment with clams-python, created once and reused. If it is unavailable: null after a printed reason, or
 * PythonUnavailable if it is required.
 */
export const clamsSdk = (
  version: ClamsSdkVersion,
  { folder = FOLDER, path, ...options }: ClamsSdkOptions = {},
): Promise<PythonEnvironment | null> =>
  optionalPython(
    {
      folder: `${folder}${version}`,
      package: 'clams-python',
      version,
      installs: INSTALLS[version],
      constraints: constraintsOf(version),
      ...(path === undefined ? {} : { path }),
    },
    options,
  );
