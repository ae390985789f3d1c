import { fileURLToPath } from 'node:url';
import { obtainPythonEnvironment, type PythonEnvironment, PythonUnavailable } from './python-environment.js';

/** Outside of what git keeps, beside the programs that the setup of a Jest run obtains. */
const FOLDER = fileURLToPath(new URL('../../../.chowda/python/', import.meta.url));

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

/**
 * A Python with a genuine clams-python, made once and kept. Null, after a line on stderr that says why, where it
 * cannot be had; with the variable `CI` that is an error.
 */
export async function clamsSdk(version: ClamsSdkVersion): Promise<PythonEnvironment | null> {
  const tell = (sentence: string) => void process.stderr.write(`${sentence}\n`);
  try {
    const folder = `${FOLDER}${version}`;
    return await obtainPythonEnvironment({
      folder,
      package: 'clams-python',
      version,
      installs: INSTALLS[version],
      onStep: tell,
    });
  } catch (error) {
    if (process.env['CI'] || !(error instanceof PythonUnavailable)) throw error;
    tell(`SKIPPED: tests on clams-python ${version}. ${error.message}`);
    return null;
  }
}
