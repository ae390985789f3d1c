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
  /** Null when the variable must be set, '' when nothing stands in for it. */
  readonly fallback: string | null;
}

/**
 * Lists the variables of a schema with their descriptions and defaults. A default that differs from process to process
 * is told in words by the field's `meta({ fallback })`.
 */
export function describeConfig(schema: z.ZodObject): ConfigVariable[] {
  return Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, field]) => ({
    name,
    description: field.description ?? '',
    fallback: fallbackOf(field),
  }));
}

function fallbackOf(field: z.ZodType): string | null {
  const told = field.meta()?.['fallback'];
  if (typeof told === 'string') return told;
  const absent = field.safeParse(undefined);
  if (!absent.success) return null;
  const value: unknown = absent.data ?? '';
  return Array.isArray(value) ? value.join(',') : String(value);
}
