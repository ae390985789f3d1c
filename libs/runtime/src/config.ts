import { z } from 'zod';

/** The configuration does not fit its schema; the message names every wrong variable, never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The only place that reads the environment. */
export const environment = (): Readonly<Record<string, string | undefined>> => process.env;

/**
 * Reads a service's configuration from environment variables; an empty variable counts as absent.
 * Throws ConfigError naming all wrong variables at once.
 */
export function loadConfig<Schema extends z.ZodObject>(
  schema: Schema,
  source: Readonly<Record<string, string | undefined>> = environment(),
): Readonly<z.infer<Schema>> {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(present);
  if (result.success) return Object.freeze(result.data);
  const lines = result.error.issues.map((issue) => {
    const variable = issue.path.join('.');
    return `${variable}: ${present[variable] === undefined ? 'is missing' : issue.message}`;
  });
  throw new ConfigError(`The configuration is not complete:\n  ${lines.join('\n  ')}`);
}

/** One variable of a configuration, for the table in the README. */
export interface ConfigVariable {
  readonly name: string;
  readonly description: string;
  /** Null when the variable must be set. */
  readonly fallback: string | null;
}

/** Lists the variables of a schema with their descriptions and defaults. */
export function describeConfig(schema: z.ZodObject): ConfigVariable[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const optional = (field as z.ZodType).safeParse(undefined);
    const value: unknown = optional.success ? optional.data : null;
    const fallback = Array.isArray(value) ? value.join(',') : value === undefined ? '' : String(value);
    return { name, description: (field as z.ZodType).description ?? '', fallback: optional.success ? fallback : null };
  });
}
