import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LeaderEpoch } from '../../leader/leader-epoch.js';

/** Last sequences of streams and ack floors of consumers, stored because the broker can lose them. */
@Injectable()
export class StreamPositionsRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly epoch: LeaderEpoch,
  ) {}

  /** The highest sequence seen, by stream or `<stream>/<consumer>`. */
  async all(): Promise<Map<string, number>> {
    const rows = await this.dataSource.query<{ stream: string; sequence: string }[]>(
      'select stream, last_sequence as sequence from stream_positions',
    );
    return new Map(rows.map(({ stream, sequence }) => [stream, Number(sequence)]));
  }

  /** Stores last sequences; a sequence lower than the stored one is ignored. */
  async remember(positions: ReadonlyMap<string, number>): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.epoch.check(manager);
      await manager.query(
        `insert into stream_positions (stream, last_sequence) select * from unnest($1::text[], $2::bigint[])
         on conflict (stream) do update
           set last_sequence = greatest(stream_positions.last_sequence, excluded.last_sequence)`,
        [[...positions.keys()], [...positions.values()]],
      );
    });
  }
}
