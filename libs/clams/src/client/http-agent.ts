import { Agent, type Dispatcher } from 'undici';

const SECOND = 1000;

/** An option of a request in addition to those of undici. */
export interface WritingHook {
  /** Called directly before the request is written, which may be long after it was created; throwing cancels it. */
  readonly onWriting?: () => void;
}

type Begin = (...parts: unknown[]) => void;

/**
 * Calls the hook of a request before it is written: establishing a connection may take time, and this process may be
 * suspended meanwhile. An interceptor would translate each answer to newer callbacks and back, which costs more than
 * half of a small call.
 */
class HookedAgent extends Agent {
  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { onWriting } = options as WritingHook;
    if (onWriting) {
      const begins = handler as unknown as Record<string, Begin | undefined>;
      // undici's own requests use the first name; its documentation specifies the second.
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
 * The HTTP agent for all apps. An app sends no header until it has finished, which may take hours, so undici's own time
 * limits are off and each call has its own deadline; TCP keep-alive keeps the idle connection open through NATs and
 * firewalls.
 */
export const appAgent: Dispatcher = new HookedAgent({
  headersTimeout: 0,
  bodyTimeout: 0,
  connect: { timeout: 10 * SECOND, keepAlive: true, keepAliveInitialDelay: 30 * SECOND },
  // Below gunicorn's 2 s, so that usually this side closes the connection.
  keepAliveTimeout: SECOND,
  // One request per connection at a time: an app answers in order, so a slow request would delay the next one.
  pipelining: 1,
});
