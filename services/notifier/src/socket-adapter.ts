import { IoAdapter } from '@nestjs/platform-socket.io';

type CreateServer = IoAdapter['createIOServer'];

const SECOND = 1000;
/** Browsers send subscriptions only, of some fifty bytes. */
const MAX_INCOMING_BYTES = 4 * 1024;

/** Socket.IO as the notifier serves it; a dead connection is noticed within ten seconds. */
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
