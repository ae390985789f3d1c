import { z } from 'zod';

/** The configuration is invalid; the message names every invalid variable and contains no values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The only place that reads the environment. */
export const environment = (): Readonly<Record<string, string | undefined>> => process.env;

/**
 * Reads a service's configuration from environment variables; an empty variable counts as absent.
 * Throws one ConfigError that names all invalid variables.
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
  throw new ConfigError(`Set or correct these environment variables:\n  ${lines.join('\n  ')}`);
}

/** One variable of a configuration, for the table in the README. */
export interface ConfigVariable {
  readonly name: string;
  readonly description: string;
  /** Null: the variable is required; '': it is optional and has no default. */
  readonly fallback: string | null;
}

/**
 * Lists the variables of a schema with their descriptions and defaults. The field's `meta({ fallback })` describes a
 * default that differs between processes.
 */
export function describeConfig(schema: z.ZodObject): ConfigVariable[] {
  return Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, field]) => ({
    name,
    description: field.description ?? '',
    fallback: fallbackOf(field),
  }));
}

function fallbackOf(field: z.ZodType): string | null {
  const described = field.meta()?.['fallback'];
  if (typeof described === 'string') return described;
  const absent = field.safeParse(undefined);
  if (!absent.success) return null;
  const value: unknown = absent.data ?? '';
  return Array.isArray(value) ? value.join(',') : String(value);
}
