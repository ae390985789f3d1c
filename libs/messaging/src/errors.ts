/** The subject's last message is not the one the publisher expected (JetStream error 10071). */
export class PublishConflict extends Error {
  override readonly name = 'PublishConflict';
}

/** The server did not acknowledge a publication: it may be stored or not, so publish it again by the same rule. */
export class PublishUncertain extends Error {
  override readonly name = 'PublishUncertain';
}

/** The server refused a publication for good, for example because the message is too large. */
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

/** The NATS server cannot be used as it is; the message says what to do. */
export class ProvisionError extends Error {
  override readonly name = 'ProvisionError';
}

/** A document announced in a message is not in the bucket, or its bytes are not the announced ones. */
export class DocumentUnavailable extends Error {
  override readonly name = 'DocumentUnavailable';
}

/** A request of an operator is refused; the sentence says why, and what to do. */
export class OperatorRefusal extends Error {
  override readonly name = 'OperatorRefusal';
  constructor(
    /** As in HTTP: 400 does not fit, 404 no such thing, 409 not in its present state, 500 went wrong. */
    readonly code: number,
    readonly sentence: string,
  ) {
    super(sentence);
  }
}

/** No scheduler has answered an operator. */
export class OperatorAway extends Error {
  override readonly name = 'OperatorAway';
}
