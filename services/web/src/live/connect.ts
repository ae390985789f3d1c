import { io } from 'socket.io-client';
import { LiveClient, type LiveSocket } from './live-client.js';

const SECOND = 1000;

/** Creates the connection to the notifier at the origin of the page, without opening it. */
export function connectLive(): LiveClient {
  const socket: LiveSocket = io({
    autoConnect: false,
    transports: ['websocket', 'polling'],
    // Polling works where a proxy blocks WebSocket.
    tryAllTransports: true,
    timeout: 5 * SECOND,
    reconnectionDelay: SECOND / 2,
    reconnectionDelayMax: 5 * SECOND,
  });
  return new LiveClient(socket);
}
