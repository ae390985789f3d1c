import { STREAMS } from '#libs/contracts';
import type { StreamPositionsRepository } from '#libs/database';
import { type NatsLink, type StreamPosition, streamPosition } from '#libs/messaging';

/** Where the two streams stand whose sequences must never come again. */
export interface WorkPositions {
  readonly stages: StreamPosition;
  readonly events: StreamPosition;
}

/** Keeps in Postgres how far the streams have counted, for the day the broker has lost them. */
export class StreamPositions {
  constructor(
    private readonly repository: StreamPositionsRepository,
    private readonly link: NatsLink,
  ) {}

  /** Last sequences by stream, as they were remembered. */
  known(): Promise<ReadonlyMap<string, number>> {
    return this.repository.all();
  }

  /** Remembers how far the streams have come by now. */
  async remember(): Promise<WorkPositions> {
    const { stages, events } = STREAMS;
    const [ofStages, ofEvents] = await Promise.all([
      streamPosition(this.link.connection, stages.name),
      streamPosition(this.link.connection, events.name),
    ]);
    await this.repository.remember(
      new Map([
        [stages.name, ofStages.last],
        [events.name, ofEvents.last],
      ]),
    );
    return { stages: ofStages, events: ofEvents };
  }
}
