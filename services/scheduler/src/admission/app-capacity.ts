import { Inject, Injectable } from '@nestjs/common';
import { isSettledSubject } from '#libs/contracts';
import { AdmissionRepository } from '#libs/database';
import { type BatchMessage, RecorderPosition } from '#libs/messaging';
import { EventReader } from '../recorder/event-reader.js';
import { AppRegistry } from '../registry/app-registry.js';
import { WorkerWatch } from '../sweeper/worker-watch.js';
import { AppDurations } from './app-durations.js';
import { Credits } from './credits.js';
import { type DoneStage, withObservedMoves } from './observed-moves.js';

@Injectable()
export class AppCapacityParts {
  @Inject() readonly runs!: AdmissionRepository;
  @Inject() readonly registry!: AppRegistry;
  @Inject() readonly durations!: AppDurations;
  @Inject() readonly workers!: WorkerWatch;
  @Inject() readonly position!: RecorderPosition;
  @Inject() readonly reader!: EventReader;
}

/**
 * Computes the free capacity of the apps from their slots, durations and workers, and the runs in progress. A stage
 * that is done frees its app when its event is read, not when it is recorded. A stage that failed frees it when it is
 * recorded, because its batch may then be held.
 */
@Injectable()
export class AppCapacity {
  constructor(private readonly parts: AppCapacityParts) {}

  async now(): Promise<Credits> {
    const { runs, registry, durations, workers, position } = this.parts;
    // Read before Postgres, whose answer says which of these events it contains.
    const unrecorded = position.unrecorded();
    const { loads, recorded } = await runs.runsInProgress();
    const done = this.doneStages(unrecorded.filter(({ sequence }) => sequence > recorded));
    const slots = registry.slots();
    const unserved = new Set([...slots.keys()].filter((app) => !workers.serves(app)));
    return new Credits({ slots, durations: durations.all(), unserved }, withObservedMoves(loads, done));
  }

  private doneStages(messages: readonly BatchMessage[]): DoneStage[] {
    return messages.flatMap((message) => {
      if (!isSettledSubject(message.subject)) return [];
      const read = this.parts.reader.read(message);
      return typeof read !== 'string' && read.event.kind === 'done' ? [read.event] : [];
    });
  }
}
