/** SQLSTATE classes: connection exception, unknown database, insufficient resources, operator intervention. */
const CLASSES = ['08', '3D', '53', '57'];
/** Lock timeout, and a transaction that the server ended because it was idle. */
const TIMEOUTS = ['55P03', '25P03'];
/** Network errors before Postgres has responded. */
const NETWORK = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
];
/** Errors of the driver without a code. */
const SENTENCES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Deadlock and serialization failure: the transaction was rolled back and can succeed when it is repeated. */
const COLLISIONS = ['40P01', '40001'];

/** True when Postgres rolled back a transaction because of a conflict with another one. */
export const isCollision = (error: unknown): boolean =>
  error instanceof Error && COLLISIONS.includes(String((error as { code?: unknown }).code));

/** True when a statement gave up waiting for a lock. */
export const isLockTimeout = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === '55P03';

/** True when the database is temporarily unavailable, false when it rejected a statement. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return SENTENCES.test(error.message);
  return NETWORK.includes(code) || TIMEOUTS.includes(code) || (code.length === 5 && CLASSES.includes(code.slice(0, 2)));
}
