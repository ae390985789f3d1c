import { appConsumer, STREAMS } from '#libs/contracts';
import type { StreamPositionsRepository } from '#libs/database';
import { consumerFloors, type NatsLink, type StreamPosition, streamPosition } from '#libs/messaging';

/** Where the two streams stand whose sequences must never come again. */
export interface WorkPositions {
  readonly stages: StreamPosition;
  readonly events: StreamPosition;
}

const floorKey = (consumer: string) => `${STREAMS.stages.name}/${consumer}`;

/** Keeps in Postgres how far streams have counted, and workers acknowledged, for the day the broker has lost it. */
export class StreamPositions {
  constructor(
    private readonly repository: StreamPositionsRepository,
    private readonly link: NatsLink,
  ) {}

  /** Last sequences by stream, as they were remembered. */
  known(): Promise<ReadonlyMap<string, number>> {
    return this.repository.all();
  }

  /** Sequence of STAGES up to which all messages of an app are acknowledged, as it was remembered. */
  async acknowledged(slug: string): Promise<number | undefined> {
    return (await this.known()).get(floorKey(appConsumer(slug)));
  }

  /** Remembers how far streams and workers have come by now. */
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
