import {
  obtainPythonEnvironment,
  type PythonEnvironment,
  type PythonEnvironmentOptions,
  PythonUnavailable,
} from './python-environment.js';

/** What to do without the environment. */
export interface OptionalPythonOptions {
  /** Whether the environment is required; default: whether the variable CI is set. */
  readonly isRequired?: boolean;
  /** Receives slow steps and skipped tests; default: prints to stderr. */
  readonly print?: (sentence: string) => void;
}

/**
 * A Python environment, created once and reused. If it is unavailable: null after a printed reason, or PythonUnavailable
 * if it is required.
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
