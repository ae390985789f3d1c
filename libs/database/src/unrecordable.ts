const DATA_EXCEPTION = '22';
const INTEGRITY_VIOLATION = '23';

/** True for an error that the same rows will always cause (SQLSTATE classes 22 and 23), false for a database in trouble. */
export function isUnrecordable(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && (code.startsWith(DATA_EXCEPTION) || code.startsWith(INTEGRITY_VIOLATION));
}
