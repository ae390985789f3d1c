import {
  obtainPythonEnvironment,
  type PythonEnvironment,
  type PythonEnvironmentOptions,
  PythonUnavailable,
} from './python-environment.js';

/** What happens when there is no such environment; all as on a developer's machine by default. */
export interface OptionalPythonOptions {
  /** Whether its absence is an error; default: whether the variable CI is set. */
  readonly isRequired?: boolean;
  /** Told what takes a while and what is left out; default: a line on stderr. */
  readonly print?: (sentence: string) => void;
}

/**
 * A Python with some packages, made once and kept. Null, after a sentence that says why, where it cannot be had; throws
 * PythonUnavailable instead where it is required.
 */
export async function optionalPython(
  environment: Omit<PythonEnvironmentOptions, 'onStep'>,
  {
    isRequired = Boolean(process.env['CI']),
    print = (sentence) => void process.stderr.write(`${sentence}\n`),
  }: OptionalPythonOptions = {},
): Promise<PythonEnvironment | null> {
  try {
    return await obtainPythonEnvironment({ ...environment, onStep: print });
  } catch (error) {
    if (isRequired || !(error instanceof PythonUnavailable)) throw error;
    print(`SKIPPED: the tests on ${environment.package} ${environment.version}. ${error.message}`);
    return null;
  }
}
