/** A change that contradicts recorded data, for example one that assigns a run to another batch. */
export class ContradictionError extends Error {
  override readonly name = 'ContradictionError';
}

/** SQLSTATE classes: data exception, integrity violation, limit exceeded. */
const CLASSES = ['22', '23', '54'];

/** True for an error that the same changes always cause, false when the database is temporarily unavailable. */
export function isUnrecordable(error: unknown): boolean {
  if (error instanceof ContradictionError) return true;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && CLASSES.includes(code.slice(0, 2));
}
