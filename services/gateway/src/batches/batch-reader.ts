import { Injectable } from '@nestjs/common';
import type { BatchView } from '#libs/contracts';
import { type BatchFilter, BatchListRepository, BatchPacesRepository, type PageRange } from '#libs/database';
import { unknown } from '../http/problem-error.js';
import { etaOf } from './estimates/eta.js';

/** Reads batches for users. */
@Injectable()
export class BatchReader {
  constructor(
    private readonly batches: BatchListRepository,
    private readonly paces: BatchPacesRepository,
  ) {}

  list(range: PageRange, filter: BatchFilter): Promise<BatchView[]> {
    return this.batches.list(range, filter);
  }

  /** Throws ProblemError for an unknown batch. */
  async find(id: number): Promise<BatchView> {
    const batch = await this.batches.find(id);
    if (!batch) throw unknown('batch', id);
    return batch;
  }

  /** Also returns the ETA and the hours of media, for which all files and the recent pace are read. */
  async findWithEta(id: number): Promise<BatchView> {
    const batch = await this.find(id);
    const eta = etaOf(batch.summary, await this.paces.of(id), Date.now());
    return { ...batch, eta, mediaHours: await this.paces.mediaHours(id) };
  }
}
