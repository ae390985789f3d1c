import { Agent, type Dispatcher } from 'undici';

const SECOND = 1000;

/**
 * Connections to apps. An app sends no header until it is done, which may take hours, so undici's own time limits are
 * off and each call has its deadline; TCP keep-alive keeps the silent connection alive through NATs and firewalls.
 */
const agent = new Agent({
  headersTimeout: 0,
  bodyTimeout: 0,
  connect: { timeout: 10 * SECOND, keepAlive: true, keepAliveInitialDelay: 30 * SECOND },
  // Below gunicorn's two seconds, so that it is mostly this side that closes.
  keepAliveTimeout: SECOND,
  // One request a connection at a time: an app answers in order, and a slow one would hold the next back.
  pipelining: 1,
});

/** What a request may say besides what undici knows. */
export interface AskedRequest {
  /** Called right before the bytes of the request are written, which may be long after it was made; throwing ends it. */
  readonly onWriting?: () => void;
}

// A connection may have to be made first, and this process may be stopped meanwhile.
const asked: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const { onWriting } = options as AskedRequest;
  if (onWriting) {
    const begin = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (controller, context: unknown) => {
      onWriting();
      begin?.(controller, context);
    };
  }
  return dispatch(options, handler);
};

/** The way to apps. */
export const appAgent = agent.compose(asked);
