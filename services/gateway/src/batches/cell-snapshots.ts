import { Injectable } from '@nestjs/common';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { CellsRepository } from '#libs/database';

const compress = promisify(gzip);
const FAST = { level: constants.Z_BEST_SPEED };
const SECOND = 1000;
/** How long a grid is kept for others who ask for the same version: browsers come together. */
const KEPT_FOR = 5 * SECOND;
/** Grids that are kept at most; one of 100,000 files through 8 stages has 0.8 MB. */
const MOST = 16;

/** A batch's grid at one version, plain and compressed. */
export interface CellSnapshot {
  readonly version: number;
  readonly bytes: Uint8Array;
  readonly gzip: Buffer;
}

/** Reads each version of a grid once, however many browsers ask for it at a time. */
@Injectable()
export class CellSnapshots {
  private readonly snapshots = new Map<string, Promise<CellSnapshot | null>>();

  constructor(private readonly cells: CellsRepository) {}

  /** A snapshot of this version, which was the newest a moment ago, or of a newer one; null when there is no such batch. */
  atLeast(batch: number, version: number): Promise<CellSnapshot | null> {
    const key = `${batch}-${version}`;
    const known = this.snapshots.get(key);
    if (known) return known;
    const reading = this.read(batch);
    if (this.snapshots.size < MOST) this.keep(key, reading);
    return reading;
  }

  private async read(batch: number): Promise<CellSnapshot | null> {
    const snapshot = await this.cells.snapshot(batch);
    return snapshot && { ...snapshot, gzip: await compress(snapshot.bytes, FAST) };
  }

  private keep(key: string, reading: Promise<CellSnapshot | null>): void {
    this.snapshots.set(key, reading);
    const forget = () => void this.snapshots.delete(key);
    // What failed is tried again by the next.
    reading.then(() => setTimeout(forget, KEPT_FOR).unref(), forget);
  }
}
