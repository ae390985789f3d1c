import { Injectable } from '@nestjs/common';
import { appConsumer, STREAMS } from '#libs/contracts';
import { StreamPositionsRepository } from '#libs/database';
import { consumerFloors, NatsLink, type StreamPosition, streamPosition } from '#libs/messaging';

/** Positions of the two streams whose sequences must never be used twice. */
export interface WorkPositions {
  readonly stages: StreamPosition;
  readonly events: StreamPosition;
}

const floorKey = (consumer: string) => `${STREAMS.stages.name}/${consumer}`;

/**
 * Stores in Postgres how far streams have counted and workers have acknowledged. A stream that has to be recreated
 * continues above its old end, so that acknowledgements of old deliveries have no effect, and a recreated consumer
 * begins after what was acknowledged instead of delivering thousands of settled stages.
 */
@Injectable()
export class StreamPositions {
  constructor(
    private readonly repository: StreamPositionsRepository,
    private readonly link: NatsLink,
  ) {}

  /** The stored last sequences by stream. */
  known(): Promise<ReadonlyMap<string, number>> {
    return this.repository.all();
  }

  /** The stored sequence of STAGES up to which all messages of an app are acknowledged. */
  async acknowledged(slug: string): Promise<number | undefined> {
    return (await this.known()).get(floorKey(appConsumer(slug)));
  }

  /** Stores the present positions and returns those of the streams. */
  async remember(): Promise<WorkPositions> {
    const { stages, events } = STREAMS;
    const [ofStages, ofEvents, floors] = await Promise.all([
      streamPosition(this.link.connection, stages.name),
      streamPosition(this.link.connection, events.name),
      consumerFloors(this.link.connection, stages.name),
    ]);
    await this.repository.remember(
      new Map([
        [stages.name, ofStages.last],
        [events.name, ofEvents.last],
        ...[...floors].map(([consumer, floor]) => [floorKey(consumer), floor] as const),
      ]),
    );
    return { stages: ofStages, events: ofEvents };
  }
}
