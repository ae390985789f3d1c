/** As much of an OpenAPI document as is needed to know what it describes. */
export interface OpenApiPaths {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, unknown>> }>>>
  >;
}

/** An operation, as "GET /api/batches/{id}", and the statuses that say that it was done. */
export interface DescribedOperation {
  readonly name: string;
  readonly successes: readonly string[];
}

/** How requests were answered. */
export interface FuzzTally {
  /** All that were made up, and the repetitions of commands. */
  readonly requests: number;
  /** Commands that were sent once more with the same key. */
  readonly repetitions: number;
  /** By the first digit of the status. */
  readonly classes: Readonly<Record<string, number>>;
  /** Operations that were never done, with the numbers of their answers by status, which were refusals. */
  readonly neverDone: readonly { readonly name: string; readonly answers: Readonly<Record<string, number>> }[];
}

/** All operations of a document. */
export const operationsOf = ({ paths }: OpenApiPaths): DescribedOperation[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { responses }]) => {
      const good = Object.keys(responses).filter((status) => status < '400');
      const done = good.filter((status) => status < '300');
      // What only leads elsewhere is done when it does so.
      return { name: `${method.toUpperCase()} ${path}`, successes: done.length > 0 ? done : good };
    }),
  );

/** Sums up answers, which are counted by operation and status; those named "again" are repetitions. */
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
