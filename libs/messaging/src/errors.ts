/** The subject's last message is not the one the publisher expected (JetStream error 10071). */
export class PublishConflict extends Error {
  override readonly name = 'PublishConflict';
}

/**
 * The server did not acknowledge a publication. It may or may not be stored; publish it again with the same
 * expectation.
 */
export class PublishUncertain extends Error {
  override readonly name = 'PublishUncertain';
}

/** The server rejected a publication permanently, for example because the message is too large. */
export class PublishRefused extends Error {
  override readonly name = 'PublishRefused';
  constructor(
    message: string,
    /** JetStream error code. */
    readonly code: number,
  ) {
    super(message);
  }
}

/** The NATS server is not usable in its current state; the message states what to do. */
export class ProvisionError extends Error {
  override readonly name: string = 'ProvisionError';
}

/** The server has no room for the limit of a stream. */
export class StorageRefused extends ProvisionError {
  override readonly name = 'StorageRefused';
}

/** A document announced in a message is not in the bucket, or its bytes differ from the announced ones. */
export class DocumentUnavailable extends Error {
  override readonly name: string = 'DocumentUnavailable';
}

/** The document is no longer in the bucket, or no longer complete: it expired, or it was archived and removed. */
export class DocumentGone extends DocumentUnavailable {
  override readonly name = 'DocumentGone';
}

/** An operator request is rejected; the sentence states the reason and what to do. */
export class OperatorRefusal extends Error {
  override readonly name = 'OperatorRefusal';
  constructor(
    /** As in HTTP: 400 invalid, 404 not found, 409 not possible in the current state, 500 internal error. */
    readonly code: number,
    readonly sentence: string,
  ) {
    super(sentence);
  }
}

/** No scheduler answered an operator request. */
export class SchedulerUnavailable extends Error {
  override readonly name = 'SchedulerUnavailable';
}
