import { fileURLToPath } from 'node:url';
import { type OptionalPythonOptions, optionalPython } from './optional-python.js';
import type { PythonEnvironment } from './python-environment.js';

/** Outside of what git keeps, beside the programs that the setup of a Jest run obtains. */
const FOLDER = fileURLToPath(new URL('../../../.chowda/python/', import.meta.url));
const constraintsOf = (version: string): string =>
  fileURLToPath(new URL(`../python/constraints-${version}.txt`, import.meta.url));

/** How the generations of clams-python are installed; each brings its own mmif-python. */
const INSTALLS = {
  '1.8.0': [['clams-python==1.8.0']],
  '1.3.3': [['clams-python==1.3.3']],
  // Its mmif-python has no wheel, and its setup needs modules that it does not name.
  '1.0.9': [
    ['setuptools<60', 'wheel', 'requests', 'pyyaml'],
    ['--no-build-isolation', 'clams-python==1.0.9'],
  ],
} as const;

/** A generation of clams-python: one of each that behaves differently towards its clients. */
export type ClamsSdkVersion = keyof typeof INSTALLS;

/** Where an SDK is looked for, and what happens when there is none. */
export interface ClamsSdkOptions extends OptionalPythonOptions {
  readonly folder?: string;
  /** Where Python is looked for; default: the variable PATH. */
  readonly path?: string;
}

/**
 * A Python with a genuine clams-python, made once and kept. Null, after a sentence that says why, where it cannot be
 * had; throws PythonUnavailable instead where it is required.
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
