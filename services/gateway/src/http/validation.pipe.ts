import { type ArgumentMetadata, type PipeTransform, StandardSchemaValidationPipe } from '@nestjs/common';
import type { Problem } from '#libs/contracts';
import { ProblemError } from './problem-error.js';
import { unstorablePath } from './unstorable-path.js';

interface Issue {
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly message: string;
}

/** A body of 100,000 wrong entries is not answered with 100,000 sentences. */
const MAX_ERRORS = 50;

/** What a value is called as a whole, by where it stands in the request. */
const WHOLE = { body: 'the body', query: 'the query', param: 'the address', custom: 'the request' } as const;
type Place = keyof typeof WHOLE;

function invalid(issues: readonly Issue[], place: Place): ProblemError {
  const errors = issues.slice(0, MAX_ERRORS).map(({ path = [], message }) => ({
    path: path.map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.'),
    message,
  }));
  return new ProblemError(400, 'invalid-request', 'The request does not fit', sentence(errors, place), errors);
}

function sentence(errors: NonNullable<Problem['errors']>, place: Place): string {
  const first = errors[0]!;
  const where = first.path === '' ? WHOLE[place] : `"${first.path}"`;
  const others = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  return `Correct ${where}: ${first.message}${others}.`;
}

/** A body was sent as something else, or is missing. */
export const noJson = (): ProblemError =>
  new ProblemError(
    415,
    'no-json',
    'The body is no JSON',
    'Send the body as JSON, with the header "Content-Type: application/json".',
  );

const isOptional = async (schema: NonNullable<ArgumentMetadata['schema']>): Promise<boolean> =>
  !(await schema['~standard'].validate(undefined)).issues;

/** Checks whatever a controller declares with a schema; misfits become a problem that names each place. */
export class ValidationPipe implements PipeTransform {
  private readonly schemas = Object.fromEntries(
    (Object.keys(WHOLE) as Place[]).map((place) => {
      const exceptionFactory = (issues: readonly Issue[]) => invalid(issues, place);
      return [place, new StandardSchemaValidationPipe({ exceptionFactory })];
    }),
  ) as Readonly<Record<Place, StandardSchemaValidationPipe>>;

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (!metadata.schema) return value;
    // The parser leaves alone what does not say that it is JSON.
    if (metadata.type === 'body' && value === undefined && !(await isOptional(metadata.schema))) throw noJson();
    const valid = await this.schemas[metadata.type].transform(value, metadata);
    const path = unstorablePath(valid);
    if (path)
      throw invalid(
        [{ path, message: 'it holds a NUL or half a surrogate pair, which cannot be stored' }],
        metadata.type,
      );
    return valid;
  }
}
