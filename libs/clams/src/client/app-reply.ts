/** The unclassified result of a call of an app. */
export type AppReply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** In lower case and without parameters; empty when the app sent none. */
      readonly contentType: string;
      /** From `Retry-After`, in seconds. */
      readonly retryAfter: number | null;
      /** Decompressed. */
      readonly body: Uint8Array;
    }
  | { readonly kind: 'timeout'; readonly deadlineMs: number }
  | {
      readonly kind: 'no-connection';
      /** Whether the connection was never established, or closed before or in the middle of the answer. */
      readonly phase: 'connect' | 'before-answer' | 'during-answer';
      /** Such as `ECONNREFUSED`, `ENOTFOUND`, `UND_ERR_SOCKET`. */
      readonly code: string;
    }
  /** The answer exceeds the size limit. */
  | { readonly kind: 'too-large'; readonly bytes: number }
  /** Not sent: the app cannot receive these parameters. */
  | { readonly kind: 'unsendable'; readonly sentence: string };
