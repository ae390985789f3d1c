import { Agent, type Dispatcher } from 'undici';

const SECOND = 1000;

/** What a request may say besides what undici knows. */
export interface AskedRequest {
  /** Called right before the bytes of the request are written, which may be long after it was made; throwing ends it. */
  readonly onWriting?: () => void;
}

type Begin = (...parts: unknown[]) => void;

/**
 * Asks a request before it is written: a connection may have to be made first, and this process may be stopped meanwhile.
 * An interceptor would translate each answer to newer callbacks and back, which costs more than half of a small call.
 */
class AskingAgent extends Agent {
  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { onWriting } = options as AskedRequest;
    if (onWriting) {
      const begins = handler as unknown as Record<string, Begin | undefined>;
      // The name of undici's own requests, and the one that its documentation promises.
      const name = begins['onConnect'] ? 'onConnect' : 'onRequestStart';
      const begin = begins[name];
      begins[name] = (...parts) => {
        onWriting();
        begin?.apply(handler, parts);
      };
    }
    return super.dispatch(options, handler);
  }
}

/**
 * The way to apps. An app sends no header until it is done, which may take hours, so undici's own time limits are off and
 * each call has its deadline; TCP keep-alive keeps the silent connection alive through NATs and firewalls.
 */
export const appAgent: Dispatcher = new AskingAgent({
  headersTimeout: 0,
  bodyTimeout: 0,
  connect: { timeout: 10 * SECOND, keepAlive: true, keepAliveInitialDelay: 30 * SECOND },
  // Below gunicorn's two seconds, so that it is mostly this side that closes.
  keepAliveTimeout: SECOND,
  // One request a connection at a time: an app answers in order, and a slow one would hold the next back.
  pipelining: 1,
});
