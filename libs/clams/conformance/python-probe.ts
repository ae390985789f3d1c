import { fileURLToPath } from 'node:url';
import type { ServedApp } from './app-under-test.js';
import { GENERATIONS } from './generations.js';
import { Subject } from './subject.js';

/** The suite's app in Python. */
export const PROBE_SCRIPT = fileURLToPath(new URL('apps/probe.py', import.meta.url));

/** A Python environment with clams-python. */
interface Environment {
  readonly python: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** Serves a script of an environment. */
type Start<Found extends Environment> = (options: {
  readonly environment: Found;
  readonly script: string;
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}) => Promise<ServedApp>;

/**
 * The suite's app on a genuine SDK in production mode. If the SDK supports it, there is one worker, which is not
 * replaced: SDK 1.4 and later replace workers after every call by default, and each new one takes 1 s to start.
 */
export function pythonSubject<Found extends Environment>(
  version: '1.0.9' | '1.3.3' | '1.8.0',
  environment: Found,
  start: Start<Found>,
): Subject {
  const { versions } = environment;
  const names = `clams-python ${versions['clams-python']}, mmif-python ${versions['mmif-python']}`;
  return new Subject(
    GENERATIONS[version],
    `${names}, gunicorn ${versions['gunicorn']}, Python ${versions['python']}`,
    (args) =>
      start({
        environment,
        script: PROBE_SCRIPT,
        args: args.length > 0 ? args : ['--max-requests', '0'],
        variables: { CLAMS_APP_VERSION: 'v1', CLAMS_GUNICORN_WORKERS: '1' },
      }),
  );
}
