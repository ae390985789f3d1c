import { Controller, Inject } from '@nestjs/common';
import { RecorderCursorRepository } from '#libs/database';
import { type ConsumerStart, Handles } from '#libs/messaging';
import type { Logger } from '#libs/runtime';
import { LivePublisher } from '../live-publisher.js';
import { LOGGER } from '../scheduler-settings.js';
import { decideStart } from './decide-start.js';

/** Finds the event with which the recorder begins, after every start and reconnect. */
@Controller()
export class RecorderStartController {
  constructor(
    private readonly cursors: RecorderCursorRepository,
    private readonly live: LivePublisher,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Returns the sequence after which recording begins. */
  @Handles('events-start')
  async find(log: ConsumerStart): Promise<number> {
    const start = decideStart(log, await this.cursors.position(log.stream, log.created));
    if (start.isRolledBack) {
      const { after } = start;
      this.log.warn(
        { acknowledged: log.acknowledged, after },
        'Postgres has lost transactions: the recorder reads the events again that it had acknowledged since',
      );
      // Browsers keep the newest version that they have seen, which may be one of the lost versions.
      await this.cursors.raiseAllVersions();
      await this.live.announceLatest();
    }
    return start.after;
  }
}
