/** Ways to send a document to an app. */
export type ClientVariant = 'callApp' | 'bare undici' | 'fetch';

/** What the process that sends is asked. */
export interface ClientQuestion {
  readonly variant: ClientVariant;
  readonly url: string;
  /** Of the document. */
  readonly bytes: number;
  readonly requests: number;
  /** Requests under way at once. */
  readonly concurrency: number;
}

/** What one request cost the process that sends. */
export interface ClientCost {
  /** Of CPU. */
  readonly microseconds: number;
  readonly perSecond: number;
}
