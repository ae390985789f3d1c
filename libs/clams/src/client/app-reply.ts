/** What came of a call of an app, before anybody judges it. */
export type AppReply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Without parameters, in lower case; empty when the app told none. */
      readonly contentType: string;
      /** From `Retry-After`, in seconds. */
      readonly retryAfter: number | null;
      /** Unpacked when the answer came as gzip. */
      readonly body: Uint8Array;
    }
  | { readonly kind: 'timeout'; readonly deadlineMs: number }
  | {
      readonly kind: 'no-connection';
      /** Whether the connection was never made, broke before an answer began, or in the middle of it. */
      readonly phase: 'connect' | 'before-answer' | 'during-answer';
      /** Such as `ECONNREFUSED`, `ENOTFOUND`, `UND_ERR_SOCKET`. */
      readonly code: string;
    }
  /** The answer is longer than anybody can use. */
  | { readonly kind: 'too-large'; readonly bytes: number }
  /** Never sent: the app has no way to take these parameters. */
  | { readonly kind: 'unsendable'; readonly sentence: string };
