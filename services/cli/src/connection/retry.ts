/** Why a request has no successful response. */
export type RequestFailure =
  /** No process listens at the address, or the host name is unknown. */
  | { readonly kind: 'unreachable' }
  /** The connection broke: the request may have taken effect. */
  | { readonly kind: 'broken' }
  /** A response with an error status. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter: string | null };

const SECOND = 1000;
/** Milliseconds before each retry; a gateway that was killed is back within a few seconds. */
const DELAYS = [SECOND / 4, SECOND / 2, SECOND, 2 * SECOND, 4 * SECOND];
const LONGEST_WAIT = 60 * SECOND;
/** Statuses of a rate limit, of a proxy without a backend, and of a gateway without its database. */
const TEMPORARY = [429, 502, 503, 504];

/**
 * Milliseconds until a request is sent again, or null to give up. `failures` are all failures of the request so far,
 * the newest last. An address that was never reachable is not tried again.
 */
export function retryDelay(failures: readonly RequestFailure[]): number | null {
  const delay = DELAYS[failures.length - 1];
  const failure = failures.at(-1);
  if (delay === undefined || failure === undefined) return null;
  switch (failure.kind) {
    case 'unreachable':
      return failures.every(({ kind }) => kind === 'unreachable') ? null : delay;
    case 'broken':
      return delay;
    case 'status': {
      if (!TEMPORARY.includes(failure.status)) return null;
      const requested = Number(failure.retryAfter ?? 0) * SECOND;
      return requested > LONGEST_WAIT ? null : Math.max(delay, Number.isFinite(requested) ? requested : 0);
    }
  }
}

/** Messages of `fetch` for a connection that fails before the response, and in the middle of it. */
const FETCH_FAILURES = new Set(['fetch failed', 'terminated']);
const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** The failure behind an error of `fetch`; null if the error does not come from the connection. */
export function failureOf(error: unknown): RequestFailure | null {
  const { name, message } = error as Error;
  if (name !== 'TypeError' || !FETCH_FAILURES.has(message)) return null;
  const { code, errors } = ((error as Error).cause ?? {}) as { code?: string; errors?: { code?: string }[] };
  const codes = [code, ...(errors ?? []).map((each) => each.code)];
  return { kind: codes.some((each) => each !== undefined && UNREACHABLE.has(each)) ? 'unreachable' : 'broken' };
}
