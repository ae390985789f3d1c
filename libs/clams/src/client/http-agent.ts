import { Agent } from 'undici';

const SECOND = 1000;

/**
 * Connections to apps. An app sends no header until it is done, which may take hours, so undici's own time limits are
 * off and each call has its deadline; TCP keep-alive keeps the silent connection alive through NATs and firewalls.
 */
export const appAgent = new Agent({
  headersTimeout: 0,
  bodyTimeout: 0,
  connect: { timeout: 10 * SECOND, keepAlive: true, keepAliveInitialDelay: 30 * SECOND },
  // Below gunicorn's two seconds, so that it is mostly this side that closes.
  keepAliveTimeout: SECOND,
  // One request a connection at a time: an app answers in order, and a slow one would hold the next back.
  pipelining: 1,
});
