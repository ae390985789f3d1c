import { LiveFollower, type LiveMessage } from '../consume/live-follower.js';
import { followProgress, type ProgressMessage } from '../consume/progress-follower.js';
import type { NatsLink } from '../connection/nats-link.js';
import { NestTransport } from './nest-transport.js';

/** Passes commits of the recorder to the handler `live-commit`, and percentages of stages to the handler `progress`. */
export class LiveTransport extends NestTransport {
  constructor(private readonly link: NatsLink) {
    super();
  }

  protected begin(): void {
    const onCommit = this.handlerOf<LiveMessage>('live-commit');
    const onProgress = this.handlerOf<ProgressMessage>('progress');
    const follower = new LiveFollower(this.link.connection, (message) => void onCommit(message));
    follower.start();
    this.link.onReconnect(() => void follower.replay());
    followProgress(this.link.connection, (message) => void onProgress(message));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
