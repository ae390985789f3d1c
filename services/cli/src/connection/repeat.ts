/** What kept a request from being answered. */
export type Trouble =
  /** Nobody listens there, or there is no such name. */
  | { readonly kind: 'nobody' }
  /** The connection broke: what was asked may have been done. */
  | { readonly kind: 'broken' }
  /** An answer that says to come again. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter: string | null };

const SECOND = 1000;
/** Milliseconds before each repetition; a gateway that was killed is back within a few seconds. */
const PAUSES = [SECOND / 4, SECOND / 2, SECOND, 2 * SECOND, 4 * SECOND];
const LONGEST_WAIT = 60 * SECOND;
/** Answers of something before Chowda, or of a Chowda without its database, and of one that has too much to do. */
const COME_AGAIN = [429, 502, 503, 504];

/**
 * Milliseconds until a request is sent again; null: it is not. `before` are the troubles so far, this one included.
 * An address that never answered is not waited for.
 */
export function repeatAfter(before: readonly Trouble[]): number | null {
  const pause = PAUSES[before.length - 1];
  const trouble = before.at(-1);
  if (pause === undefined || trouble === undefined) return null;
  switch (trouble.kind) {
    case 'nobody':
      return before.every(({ kind }) => kind === 'nobody') ? null : pause;
    case 'broken':
      return pause;
    case 'status': {
      if (!COME_AGAIN.includes(trouble.status)) return null;
      const asked = Number(trouble.retryAfter ?? 0) * SECOND;
      return asked > LONGEST_WAIT ? null : Math.max(pause, Number.isFinite(asked) ? asked : 0);
    }
  }
}

/** What `fetch` says of a connection that fails, before the answer and in the middle of it. */
const FETCH_FAILURES = new Set(['fetch failed', 'terminated']);
const NOBODY = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** The trouble behind an error of `fetch`; null when it is no trouble of the connection. */
export function troubleOf(error: unknown): Trouble | null {
  const { name, message } = error as Error;
  if (name !== 'TypeError' || !FETCH_FAILURES.has(message)) return null;
  const { code, errors } = ((error as Error).cause ?? {}) as { code?: string; errors?: { code?: string }[] };
  const codes = [code, ...(errors ?? []).map((each) => each.code)];
  return { kind: codes.some((each) => each !== undefined && NOBODY.has(each)) ? 'nobody' : 'broken' };
}
