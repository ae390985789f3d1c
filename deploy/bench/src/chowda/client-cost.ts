/** Ways to send a document to an app. */
export type ClientVariant = 'callApp' | 'bare undici' | 'fetch';

/** Request to the sending process. */
export interface ClientQuestion {
  readonly variant: ClientVariant;
  readonly url: string;
  /** Size of the document. */
  readonly bytes: number;
  readonly requests: number;
  /** Requests in progress at once. */
  readonly concurrency: number;
}

/** The cost of one request in the sending process. */
export interface ClientCost {
  /** CPU time. */
  readonly microseconds: number;
  readonly perSecond: number;
}
