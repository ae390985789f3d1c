import {
  parseProgressSubject,
  type Progress,
  PROGRESS_FILTER,
  progressSchema,
  type StageAddress,
} from '#libs/contracts';
import { LiveFollower, type LiveMessage } from '../consume/live-follower.js';
import type { NatsLink } from '../connection/nats-link.js';
import { NestTransport } from './nest-transport.js';

/** Percentage of one running stage. */
export type ProgressMessage = StageAddress & Progress;

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
    this.link.connection.subscribe(PROGRESS_FILTER, {
      callback: (error, message) => {
        const address = error ? null : parseProgressSubject(message.subject);
        const progress = address && readProgress(message.data);
        if (progress) void onProgress({ ...address, ...progress });
      },
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function readProgress(body: Uint8Array): Progress | null {
  try {
    return progressSchema.parse(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return null;
  }
}
