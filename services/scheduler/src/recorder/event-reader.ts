import { Injectable } from '@nestjs/common';
import { type ReadStageEvent, readStageEvent } from '#libs/contracts';
import type { BatchMessage } from '#libs/messaging';
import { SchedulerSettings } from '../scheduler-settings.js';

/** Reads the events of the log, each once, although admission may look at it before the recorder. */
@Injectable()
export class EventReader {
  private readonly known = new WeakMap<BatchMessage, ReadStageEvent | string>();

  constructor(private readonly settings: SchedulerSettings) {}

  /** A sentence for a message that is not an event of this installation. */
  read(message: BatchMessage): ReadStageEvent | string {
    const known = this.known.get(message);
    if (known !== undefined) return known;
    const read = this.readOnce(message);
    this.known.set(message, read);
    return read;
  }

  private readOnce({ body }: BatchMessage): ReadStageEvent | string {
    const read = readStageEvent(body);
    if (typeof read === 'string' || read.event.installation === this.settings.installation) return read;
    return `The event belongs to installation ${read.event.installation}.`;
  }
}
