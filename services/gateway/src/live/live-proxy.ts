import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { identify, type Logger } from '#libs/runtime';
import { refusal, unauthorized } from '../access/access-rules.js';
import type { GatewayConfig } from '../gateway.config.js';
import { type ApiRequest, type Next, pathOf } from '../http/api-request.js';
import { ProblemError } from '../http/problem-error.js';
import { sendProblem } from '../http/problem.filter.js';
import { requestIdOf } from '../http/request-id.js';

const isLive = (request: IncomingMessage): boolean => /^\/socket\.io(\/|$)/.test(pathOf(request));

const isWebsocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';

const liveAway = () =>
  new ProblemError(
    502,
    'live-away',
    'Live status is not available',
    'The notifier is not responding. Reload the page later; batches continue to run in the meantime.',
  );

/** Forwards `/socket.io` to the notifier, as HTTP and as websockets, for authenticated clients. */
export function liveProxy(config: Pick<GatewayConfig, 'LIVE_URL' | 'ACCESS_TOKEN' | 'ALLOWED_HOSTS'>, logger: Logger) {
  const isKnown = ({ headers }: IncomingMessage) => identify(config.ACCESS_TOKEN, headers, Date.now()) !== null;
  const proxy = createProxyMiddleware<ApiRequest, ServerResponse>({
    target: config.LIVE_URL,
    // The notifier compares Origin with the Host that the browser used.
    changeOrigin: false,
    on: {
      error: (error, request, response) => {
        logger.warn({ err: error }, 'the notifier is not responding');
        if (response instanceof Socket) refuseUpgrade(response, liveAway(), request.requestId);
        else sendProblem(response, liveAway().problem, request.requestId);
      },
    },
  });

  const middleware = (request: ApiRequest, response: ServerResponse, next: Next): void => {
    if (!isLive(request)) next();
    else if (isKnown(request)) void proxy(request, response, next);
    else next(unauthorized());
  };
  const followUpgrades = (server: Server): void => {
    server.on('upgrade', (request: ApiRequest, socket: Socket, head: Buffer) => {
      request.requestId = requestIdOf(request);
      // Without a listener, a client that disconnects during the handshake would end the process.
      socket.on('error', (error) => logger.debug({ err: error }, 'a websocket failed during the handshake'));
      const { method = 'GET', headers } = request;
      const refused =
        refusal({ method, headers, isUpgrade: true }, config.ALLOWED_HOSTS) ??
        (isWebsocket(request) && isLive(request) ? null : noWebsocketHere()) ??
        (isKnown(request) ? null : unauthorized());
      if (refused) refuseUpgrade(socket, refused, request.requestId);
      else proxy.upgrade(request, socket, head);
    });
  };
  return { middleware, followUpgrades };
}

const noWebsocketHere = () =>
  new ProblemError(
    404,
    'unknown-route',
    'Not found',
    'Only /socket.io accepts websockets. Send other requests as HTTP/1.1 without an Upgrade header.',
  );

function refuseUpgrade(socket: Socket, { problem }: ProblemError, requestId: string): void {
  const body = JSON.stringify({ ...problem, requestId });
  socket.end(
    `HTTP/1.1 ${problem.status} Refused\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
