import { IoAdapter } from '@nestjs/platform-socket.io';

type CreateServer = IoAdapter['createIOServer'];

const SECOND = 1000;
/** Browsers send only subscriptions, of about 50 bytes. */
const MAX_INCOMING_BYTES = 4 * 1024;

/** Socket.IO with the limits of the notifier; a dead connection is detected within 10 s. */
export class SocketAdapter extends IoAdapter {
  override createIOServer(...[port, options]: Parameters<CreateServer>): ReturnType<CreateServer> {
    const limits = {
      ...options,
      serveClient: false,
      maxHttpBufferSize: MAX_INCOMING_BYTES,
      pingInterval: 5 * SECOND,
      pingTimeout: 5 * SECOND,
    };
    return super.createIOServer(port, limits as typeof options);
  }
}
