const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const MEBIBYTE = 1024 * 1024;
const GIBIBYTE = 1024 * MEBIBYTE;

/** Largest message on STAGES and EVENTS in bytes, headers included (JetStream counts them). */
export const MAX_MESSAGE_BYTES = 256 * 1024;
/**
 * Documents up to this many uncompressed bytes are sent inside the message, larger ones through the documents bucket.
 */
export const INLINE_DOCUMENT_BYTES = 64 * 1024;
/** Largest slip in bytes; checked when a pipeline is saved, so that slip, document and headers fit one message. */
export const MAX_SLIP_BYTES = 128 * 1024;
/** Stack traces of app errors are truncated to this many bytes in an event. */
export const MAX_TRACE_BYTES = 16 * 1024;

/** One JetStream stream: its subjects, how long it keeps messages, and the largest message. */
export interface StreamDefinition {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly storage: 'file' | 'memory';
  readonly maxAgeSeconds: number;
  /** -1 means unlimited. */
  readonly maxBytes: number;
  /** -1 means the server's own limit. */
  readonly maxMessageBytes: number;
  readonly duplicateWindowSeconds: number;
}

/**
 * Every stream of an installation. All use limits retention, because operators inspect and replay messages after the
 * ack.
 */
export const STREAMS = {
  /** Each message asks the workers of an app to run one stage of one run. */
  stages: {
    name: 'STAGES',
    subjects: ['stage.>'],
    storage: 'file',
    maxAgeSeconds: 72 * HOUR_SECONDS,
    maxBytes: 10 * GIBIBYTE,
    maxMessageBytes: MAX_MESSAGE_BYTES,
    duplicateWindowSeconds: 30 * 60,
  },
  /** Events about stages: started and settled. */
  events: {
    name: 'EVENTS',
    subjects: ['event.>'],
    storage: 'file',
    maxAgeSeconds: 72 * HOUR_SECONDS,
    maxBytes: 5 * GIBIBYTE,
    maxMessageBytes: MAX_MESSAGE_BYTES,
    duplicateWindowSeconds: 10 * 60,
  },
  /** Wake-ups for the scheduler; losing one costs a second, not a run. */
  jobs: {
    name: 'JOBS',
    subjects: ['job.>'],
    storage: 'file',
    maxAgeSeconds: 7 * DAY_SECONDS,
    maxBytes: 256 * MEBIBYTE,
    maxMessageBytes: 64 * 1024,
    duplicateWindowSeconds: 2 * 60,
  },
  /** Dead letters: stage messages verbatim, with the reason in their headers. */
  dead: {
    name: 'DEAD',
    subjects: ['dead.>'],
    storage: 'file',
    maxAgeSeconds: 90 * DAY_SECONDS,
    maxBytes: 2 * GIBIBYTE,
    maxMessageBytes: 2 * MAX_MESSAGE_BYTES,
    duplicateWindowSeconds: 30 * 60,
  },
  /** Changes that the recorder has committed, for the notifiers. */
  live: {
    name: 'LIVE',
    subjects: ['live.>'],
    storage: 'memory',
    maxAgeSeconds: 15 * 60,
    maxBytes: 256 * MEBIBYTE,
    maxMessageBytes: -1,
    duplicateWindowSeconds: 2 * 60,
  },
} as const satisfies Record<string, StreamDefinition>;

/** Durable consumer of a worker's app on STAGES. */
export const appConsumer = (slug: string) => `app-${slug}`;
/** Durable consumer of the scheduler's recorder on EVENTS. */
export const RECORDER_CONSUMER = 'recorder';
/** Seconds without a sign of life from a worker after which the broker delivers a stage to another one. */
export const ACK_WAIT_SECONDS = 15;
/** Pull requests that may wait on one consumer at once; the server does not allow changing it later. */
export const MAX_WAITING_PULLS = 4096;

/** Key-value bucket with settings of apps and batches and heartbeats of workers; a mirror of Postgres. */
export const CONTROL_BUCKET = 'control';
/** Object bucket with documents that are too large for a message. */
export const DOCUMENTS_BUCKET = 'documents';
export const DOCUMENTS_TTL_SECONDS = 14 * DAY_SECONDS;
/** A full bucket refuses documents; it never removes one by itself, because it may not be archived yet. */
export const DOCUMENTS_MAX_BYTES = 40 * GIBIBYTE;
