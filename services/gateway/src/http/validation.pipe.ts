import { type ArgumentMetadata, type PipeTransform, StandardSchemaValidationPipe } from '@nestjs/common';
import type { Problem } from '#libs/contracts';
import { ProblemError } from './problem-error.js';
import { unstorablePath } from './unstorable-path.js';

interface Issue {
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly message: string;
}

/** A body can have 100,000 invalid entries. */
const MAX_ERRORS = 50;

/** Names of the parts of a request, for an error about the part as a whole. */
const WHOLE = { body: 'the body', query: 'the query', param: 'the URL', custom: 'the request' } as const;
type Place = keyof typeof WHOLE;

function invalid(issues: readonly Issue[], place: Place): ProblemError {
  const errors = issues.slice(0, MAX_ERRORS).map(({ path = [], message }) => ({
    path: path.map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.'),
    message,
  }));
  return new ProblemError(400, 'invalid-request', 'Invalid request', sentence(errors, place), errors);
}

function sentence(errors: NonNullable<Problem['errors']>, place: Place): string {
  const first = errors[0]!;
  const where = first.path === '' ? WHOLE[place] : `"${first.path}"`;
  const others = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  return `Correct ${where}: ${first.message}${others}.`;
}

/** The body is missing, or its type is not JSON. */
export const noJson = (): ProblemError =>
  new ProblemError(
    415,
    'no-json',
    'The body is not JSON',
    'Send the body as JSON, with the header "Content-Type: application/json".',
  );

const isOptional = async (schema: NonNullable<ArgumentMetadata['schema']>): Promise<boolean> =>
  !(await schema['~standard'].validate(undefined)).issues;

/** Validates every parameter that a controller declares with a schema; the problem lists each invalid place. */
export class ValidationPipe implements PipeTransform {
  private readonly schemas = Object.fromEntries(
    (Object.keys(WHOLE) as Place[]).map((place) => {
      const exceptionFactory = (issues: readonly Issue[]) => invalid(issues, place);
      return [place, new StandardSchemaValidationPipe({ exceptionFactory })];
    }),
  ) as Readonly<Record<Place, StandardSchemaValidationPipe>>;

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (!metadata.schema) return value;
    // The parser ignores bodies whose Content-Type is not JSON.
    if (metadata.type === 'body' && value === undefined && !(await isOptional(metadata.schema))) throw noJson();
    const valid = await this.schemas[metadata.type].transform(value, metadata);
    const path = unstorablePath(valid);
    if (path)
      throw invalid(
        [{ path, message: 'contains a NUL character or half a surrogate pair, which cannot be stored' }],
        metadata.type,
      );
    return valid;
  }
}
