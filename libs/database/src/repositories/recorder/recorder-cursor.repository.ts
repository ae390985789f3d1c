import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { LeaderEpoch } from '../../leader/leader-epoch.js';

/** Position of the recorder in a stream. */
export interface RecorderCursor {
  readonly stream: string;
  /** Creation time of the stream: a recreated stream counts from 1. */
  readonly streamCreated: string;
  readonly sequence: number;
}

/** More versions than a batch can have passed through in the lost time, and few enough for 2^53. */
const LOST_VERSIONS = 1_000_000_000;

/** The recorder's position as Postgres has committed it. */
@Injectable()
export class RecorderCursorRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /** Sequence of the last recorded event of a stream; null when none of this stream is recorded. */
  async position(stream: string, streamCreated: string): Promise<number | null> {
    // Compared by Postgres, which stores microseconds of the broker's nanoseconds.
    const [row] = await this.dataSource.query<{ sequence: string }[]>(
      'select sequence from recorder_cursor where stream = $1 and stream_created = $2::timestamptz',
      [stream, streamCreated],
    );
    return row ? Number(row.sequence) : null;
  }

  /** Raises the version of every batch far above any version that clients may have seen before transactions were lost. */
  async raiseAllVersions(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      await manager.query('update batches set version = version + $1', [LOST_VERSIONS]);
    });
  }
}

/** Within a stream the cursor only moves forward: the recorder may read events again. */
export async function moveCursor(
  manager: EntityManager,
  { stream, streamCreated, sequence }: RecorderCursor,
): Promise<void> {
  await manager.query(
    `insert into recorder_cursor (stream, stream_created, sequence) values ($1, $2, $3)
     on conflict (stream) do update set stream_created = excluded.stream_created,
       sequence = case when recorder_cursor.stream_created = excluded.stream_created
         then greatest(recorder_cursor.sequence, excluded.sequence) else excluded.sequence end`,
    [stream, streamCreated, sequence],
  );
}
