/** The part of an OpenAPI document that lists its operations. */
export interface OpenApiPaths {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, unknown>> }>>>
  >;
}

/** An operation, for example "GET /api/batches/{id}", and its success statuses. */
export interface DescribedOperation {
  readonly name: string;
  readonly successes: readonly string[];
}

/** Counts of the responses. */
export interface FuzzTally {
  /** Generated requests and repeated commands. */
  readonly requests: number;
  /** Commands that were repeated with the same key. */
  readonly repetitions: number;
  /** By status class, such as `2xx`. */
  readonly classes: Readonly<Record<string, number>>;
  /** Operations without success, with the numbers of their responses by status. */
  readonly neverDone: readonly { readonly name: string; readonly answers: Readonly<Record<string, number>> }[];
}

/** All operations of a document. */
export const operationsOf = ({ paths }: OpenApiPaths): DescribedOperation[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { responses }]) => {
      const good = Object.keys(responses).filter((status) => status < '400');
      const done = good.filter((status) => status < '300');
      // A redirect is the success of an operation that only redirects.
      return { name: `${method.toUpperCase()} ${path}`, successes: done.length > 0 ? done : good };
    }),
  );

/** Summarises response counts by operation and status; the key "again" counts repeated commands. */
export function tallyOf(
  answers: Readonly<Record<string, Readonly<Record<string, number>>>>,
  operations: readonly DescribedOperation[],
): FuzzTally {
  const classes: Record<string, number> = {};
  for (const [status, count] of Object.values(answers).flatMap((counts) => Object.entries(counts))) {
    const name = `${status[0]}xx`;
    classes[name] = (classes[name] ?? 0) + count;
  }
  const sum = (counts: Readonly<Record<string, number>> = {}) => Object.values(counts).reduce((a, b) => a + b, 0);
  return {
    requests: sum(classes),
    repetitions: sum(answers['again']),
    classes: Object.fromEntries(Object.entries(classes).sort(([a], [b]) => a.localeCompare(b))),
    neverDone: operations
      .filter(({ name, successes }) => !successes.some((status) => (answers[name]?.[status] ?? 0) > 0))
      .map(({ name }) => ({ name, answers: answers[name] ?? {} })),
  };
}
