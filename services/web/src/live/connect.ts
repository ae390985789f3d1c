import { io } from 'socket.io-client';
import { LiveClient, type LiveSocket } from './live-client.js';

const SECOND = 1000;

/** A connection to the notifier behind the address the page came from; it is not opened yet. */
export function connectLive(): LiveClient {
  const socket: LiveSocket = io({
    autoConnect: false,
    transports: ['websocket', 'polling'],
    // Where a proxy lets no WebSocket through, polling still works.
    tryAllTransports: true,
    timeout: 5 * SECOND,
    reconnectionDelay: SECOND / 2,
    reconnectionDelayMax: 5 * SECOND,
  });
  return new LiveClient(socket);
}
