import type { Annotate } from './annotate.js';
import type { AppDescription, ParametersOf } from './app-description.js';
import { AppServer } from './app-server.js';
import { castParameters, type Configuration } from './cast-parameters.js';
import { declaredParameters } from './declared-parameters.js';

const SECOND = 1000;
const DEFAULT_GRACE = 5 * SECOND;

/** A CLAMS app over HTTP. */
export interface ClamsApp {
  /** Port 0 takes any free port, host is 127.0.0.1 by default. Rejects when the address cannot be listened on. */
  listen(port: number, host?: string): Promise<{ readonly url: string; readonly port: number }>;
  /** Takes no more calls, lets those in flight end within the grace, then aborts them. */
  close(): Promise<void>;
}

/** What an app says about itself, and what it does. */
export interface AppOptions<Description extends AppDescription> {
  readonly metadata: Description;
  readonly annotate: Annotate<ParametersOf<Description>>;
  /** Milliseconds that calls in flight get when the app is closed; default: 5000. */
  readonly graceMs?: number;
}

/**
 * Makes a CLAMS app that answers over HTTP as one on the Python SDK 1.8 does. Beyond that it tells the progress of a
 * call, stops working when the client has gone, keeps the bytes of its input, and adds a view for an error instead of
 * overwriting one. Throws for two parameters of one name and for a default that is not of its type.
 */
export function createApp<const Description extends AppDescription>({
  metadata,
  annotate,
  graceMs = DEFAULT_GRACE,
}: AppOptions<Description>): ClamsApp {
  const parameters = declaredParameters(metadata.parameters ?? []);
  castParameters(
    parameters.filter((parameter) => parameter.default !== undefined),
    new Map(),
  );
  // Casting gives what the description declares, which is what ParametersOf says.
  const work = annotate as unknown as Annotate<Configuration>;
  return new AppServer({ description: metadata, parameters, annotate: work }, graceMs);
}
