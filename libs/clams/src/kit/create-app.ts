import type { Annotate } from './annotate.js';
import type { AppDescription, ParametersOf } from './app-description.js';
import { AppServer } from './app-server.js';
import { castParameters, type Configuration } from './cast-parameters.js';
import { declaredParameters } from './declared-parameters.js';

const SECOND = 1000;
const DEFAULT_GRACE = 5 * SECOND;

/** A CLAMS app over HTTP. */
export interface ClamsApp {
  /** Port 0 selects any free port; default host: 127.0.0.1. Rejects when the server cannot listen at the address. */
  listen(port: number, host?: string): Promise<{ readonly url: string; readonly port: number }>;
  /** Accepts no more calls, waits up to `graceMs` for those in progress, then aborts them. */
  close(): Promise<void>;
}

/** The description and the work of an app. */
export interface AppOptions<Description extends AppDescription> {
  readonly metadata: Description;
  readonly annotate: Annotate<ParametersOf<Description>>;
  /** Milliseconds that calls in progress may take when the app is closed; default: 5000. */
  readonly graceMs?: number;
}

/**
 * Creates a CLAMS app that answers over HTTP as one on the Python SDK 1.8 does. In addition, it reports the progress of
 * a call, stops working when the client disconnects, keeps the bytes of its input, and adds a view for an error instead
 * of overwriting one. Throws for two parameters with the same name and for a default of the wrong type.
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
  // castParameters returns the types that the description declares, which ParametersOf describes.
  const work = annotate as unknown as Annotate<Configuration>;
  return new AppServer({ description: metadata, parameters, annotate: work }, graceMs);
}
