import { z } from 'zod';
import {
  type AppMetadata,
  AppMetadataError,
  type AppParameter,
  type AppType,
  PARAMETER_TYPES,
} from './app-metadata.js';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const text = z.string().catch('');

const typeSchema = z.looseObject({
  '@type': z.string().min(1),
  required: z.boolean().catch(true),
  description: text,
  properties: z.record(z.string(), z.unknown()).catch({}),
});

const parameterSchema = z.looseObject({
  name: z.string().min(1),
  description: text,
  type: z.enum(PARAMETER_TYPES).catch('string'),
  multivalued: z.boolean().catch(false),
  choices: z.array(scalar).nullable().catch(null),
  default: z.unknown().optional(),
});

/** As in the SDK's clams/appmetadata: optional keys may be absent, and unknown keys are ignored. */
const metadataSchema = z.looseObject({
  name: z.string().min(1),
  description: text,
  app_version: text,
  mmif_version: z.string().nullable().catch(null),
  identifier: z.string().min(1),
  url: text,
  input: z.array(z.union([typeSchema, z.array(typeSchema).min(1)])).catch([]),
  output: z.array(typeSchema).catch([]),
  // An invalid parameter does not invalidate the others.
  parameters: z.array(parameterSchema.nullable().catch(null)).catch([]),
  more: z.record(z.string(), z.coerce.string()).catch({}),
});

const appType = (given: z.infer<typeof typeSchema>): AppType => ({
  uri: given['@type'],
  required: given.required,
  description: given.description,
  properties: given.properties,
});

/**
 * Converts a default to the declared type. SDKs serve the string `"1"` as `1`, and integers in a list as strings; 1.0
 * serves `0` for False. A default that does not fit the declared type remains unchanged.
 */
function typed(type: AppParameter['type'], value: unknown): AppParameter['default'] {
  if (Array.isArray(value)) return value.flatMap((item) => typed(type, item) ?? []);
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return null;
  const text = String(value);
  switch (type) {
    case 'string':
    case 'map':
      return text;
    case 'boolean':
      if (/^(true|1)$/i.test(text)) return true;
      return /^(false|0)$/i.test(text) ? false : value;
    case 'integer':
      return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : value;
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : value;
  }
}

function parameter(given: z.infer<typeof parameterSchema>): AppParameter {
  const { name, description, type, multivalued, choices } = given;
  return {
    name,
    description,
    type,
    multivalued: type === 'map' || (multivalued && type !== 'boolean'),
    choices: choices && [...new Set(choices)],
    required: !('default' in given) || given.default === undefined,
    default: typed(type, given.default),
  };
}

/**
 * Reads the metadata of a CLAMS app of any SDK generation: unknown keys, missing parameters and a missing version are
 * accepted. Throws AppMetadataError for other JSON.
 */
export function readAppMetadata(json: unknown): AppMetadata {
  const result = metadataSchema.safeParse(json);
  if (!result.success) {
    const keys = [...new Set(result.error.issues.map(({ path }) => path.join('.') || 'an object'))];
    const verb = keys.length === 1 ? 'is' : 'are';
    throw new AppMetadataError(`its answer is not CLAMS metadata: ${keys.join(' and ')} ${verb} missing or invalid`);
  }
  const { name, description, app_version: version, mmif_version: mmifVersion, identifier, url } = result.data;
  return {
    name,
    description,
    version,
    identifier,
    url,
    mmifVersion: mmifVersion?.replace(/^https?:\/\/mmif\.clams\.ai\//, '') ?? null,
    input: result.data.input.map((entry) => (Array.isArray(entry) ? entry : [entry]).map(appType)),
    output: result.data.output.map(appType),
    parameters: result.data.parameters.filter((given) => given !== null).map(parameter),
    more: result.data.more,
  };
}
