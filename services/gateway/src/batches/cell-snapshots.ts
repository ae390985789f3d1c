import { Injectable } from '@nestjs/common';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { CellsRepository } from '#libs/database';

const compress = promisify(gzip);
const FAST = { level: constants.Z_BEST_SPEED };
const SECOND = 1000;
/** Many browsers request a new version at the same time. */
const KEEP_MS = 5 * SECOND;
/** The grid of 100,000 files and 8 stages has 0.8 MB. */
const MAX_SNAPSHOTS = 16;

/** The grid of a batch at one version, plain and compressed. */
export interface CellSnapshot {
  readonly version: number;
  readonly bytes: Uint8Array;
  readonly gzip: Buffer;
}

/** Reads each version of a grid once for all browsers that request it within a few seconds. */
@Injectable()
export class CellSnapshots {
  private readonly snapshots = new Map<string, Promise<CellSnapshot | null>>();

  constructor(private readonly cells: CellsRepository) {}

  /** A snapshot of this version or of a newer one; null if there is no such batch. */
  atLeast(batch: number, version: number): Promise<CellSnapshot | null> {
    const key = `${batch}-${version}`;
    const known = this.snapshots.get(key);
    if (known) return known;
    const reading = this.read(batch);
    if (this.snapshots.size < MAX_SNAPSHOTS) this.keep(key, reading);
    return reading;
  }

  private async read(batch: number): Promise<CellSnapshot | null> {
    const snapshot = await this.cells.snapshot(batch);
    return snapshot && { ...snapshot, gzip: await compress(snapshot.bytes, FAST) };
  }

  private keep(key: string, reading: Promise<CellSnapshot | null>): void {
    this.snapshots.set(key, reading);
    const forget = () => void this.snapshots.delete(key);
    // After a failure, the next request reads again.
    reading.then(() => setTimeout(forget, KEEP_MS).unref(), forget);
  }
}
