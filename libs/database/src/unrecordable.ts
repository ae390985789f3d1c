/** A change that contradicts what is known, for example one that gives a run to another batch. */
export class ContradictionError extends Error {
  override readonly name = 'ContradictionError';
}

/** SQLSTATE classes: data exception, integrity violation, a value beyond what Postgres can hold or index. */
const CLASSES = ['22', '23', '54'];

/** True for an error that the same changes will always cause, false for a database in trouble. */
export function isUnrecordable(error: unknown): boolean {
  if (error instanceof ContradictionError) return true;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && CLASSES.includes(code.slice(0, 2));
}
