/** SQLSTATE classes: connection exception, unknown database, insufficient resources, operator intervention. */
const CLASSES = ['08', '3D', '53', '57'];
/** Errors of the connection itself, before Postgres has said anything. */
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
/** What the driver says without a code. */
const SENTENCES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Deadlock, and what could not be serialised: the transaction was rolled back whole, and may succeed the next time. */
const COLLISIONS = ['40P01', '40001'];

/** True for an error of a transaction that Postgres ended because another one was in its way. */
export const isCollision = (error: unknown): boolean =>
  error instanceof Error && COLLISIONS.includes(String((error as { code?: unknown }).code));

/** True for an error of a database that does not answer at the moment, false for one that has understood and refused. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return SENTENCES.test(error.message);
  return NETWORK.includes(code) || (code.length === 5 && CLASSES.includes(code.slice(0, 2)));
}
