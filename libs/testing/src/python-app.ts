import { join } from 'node:path';
import { repositoryRoot } from '#deploy/local';
import { type AppProcess, type AppProcessOptions, startAppProcess } from './app-process.js';
import type { PythonEnvironment } from './python-environment.js';

const END_WITH_PARENT = join(repositoryRoot, 'libs', 'testing', 'python', 'end_with_parent.py');

/** A script that serves an app on the port in its first argument. */
export interface PythonAppOptions extends Omit<AppProcessOptions, 'command'> {
  readonly environment: PythonEnvironment;
  /** Path of the script. */
  readonly script: string;
}

/** Like `startAppProcess` for a CLAMS app in Python; a wrapper ends the script with this process. */
export const startPythonApp = ({ environment, script, ...options }: PythonAppOptions): Promise<AppProcess> =>
  startAppProcess({ ...options, command: [environment.python, END_WITH_PARENT, script] });
