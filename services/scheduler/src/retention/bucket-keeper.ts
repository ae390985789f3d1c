import { Inject, Injectable } from '@nestjs/common';
import { BucketObjectsRepository, type StoredStageDocument } from '#libs/database';
import { BucketContent, type BucketObject } from '#libs/messaging';
import type { Logger } from '#libs/runtime';
import { LOGGER } from '../scheduler-settings.js';

/** Documents that one tick reads. */
const PER_TICK = 200;
/** Share of the bucket's limit above which documents are removed that no stage needs. */
const FULL = 0.5;
/** Share above which documents are removed although a waiting stage needs them. */
const VERY_FULL = 0.75;
/** Pause in milliseconds after a pass that could remove nothing. */
const PAUSE = 15_000;

/**
 * Removes archived documents from the broker when its bucket is more than half full. A document that is not archived is
 * never removed; a bucket full of those refuses new documents until the recorder has archived some.
 *
 * A pass reads the bucket from the oldest document on, some documents per tick, and removes those that no stage needs.
 * If the bucket is still more than three quarters full at the end of a pass, archived documents are removed that a
 * waiting stage needs, the newest first: its worker parks the stage, and admission publishes it again from Postgres. The
 * oldest first would remove the inputs of the stages whose turn is next, and every stage would be parked for ever.
 *
 * A kill leaves nothing behind: the next leader starts a new pass.
 */
@Injectable()
export class BucketKeeper {
  private next = 1;
  private needed: BucketObject[] = [];
  private readonly ids = new Set<string>();
  private removed = 0;
  private pausedUntil = 0;
  private isTicking = false;

  constructor(
    @Inject(BucketContent)
    private readonly content: Pick<BucketContent, 'usage' | 'list' | 'hashOf' | 'remove' | 'removeOrphans'>,
    @Inject(BucketObjectsRepository) private readonly archive: Pick<BucketObjectsRepository, 'judge'>,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Does some work, unless an earlier call still does. */
  async tick(): Promise<void> {
    if (this.isTicking || performance.now() < this.pausedUntil) return;
    this.isTicking = true;
    try {
      await this.step();
    } finally {
      this.isTicking = false;
    }
  }

  private async step(): Promise<void> {
    const excess = await this.excessOver(FULL);
    if (excess <= 0) return this.endPass();
    const objects = await this.content.list(this.next, PER_TICK);
    await this.removeUnneeded(objects, excess);
    objects.forEach(({ id }) => this.ids.add(id));
    this.next = (objects.at(-1)?.sequence ?? 0) + 1;
    if (objects.length === PER_TICK) return;
    await this.content.removeOrphans(this.ids);
    await this.remove(this.needed.toReversed(), await this.excessOver(VERY_FULL));
    if (this.removed === 0) this.pausedUntil = performance.now() + PAUSE;
    this.endPass();
  }

  private async removeUnneeded(objects: readonly BucketObject[], excess: number): Promise<void> {
    const known: { object: BucketObject; document: StoredStageDocument }[] = [];
    for (const object of objects) {
      const document = await this.documentOf(object);
      if (document) known.push({ object, document });
    }
    const judged = await this.archive.judge(known.map(({ document }) => document));
    const archived = known.flatMap(({ object }, place) => {
      const { isArchived, isNeeded } = judged[place]!;
      return isArchived ? [{ object, isNeeded }] : [];
    });
    this.needed.push(...archived.filter(({ isNeeded }) => isNeeded).map(({ object }) => object));
    await this.remove(
      archived.filter(({ isNeeded }) => !isNeeded).map(({ object }) => object),
      excess,
    );
  }

  private async documentOf({ key, sha256 }: BucketObject): Promise<StoredStageDocument | null> {
    const [, run, index] = key.split('/').map(Number);
    const hash = sha256 ?? (await this.content.hashOf(key));
    return hash !== null && Number.isSafeInteger(run) && Number.isSafeInteger(index)
      ? { run: run!, index: index!, sha256: hash }
      : null;
  }

  private async remove(objects: readonly BucketObject[], excess: number): Promise<void> {
    let left = excess;
    for (const object of objects) {
      if (left <= 0) return;
      await this.content.remove(object);
      left -= object.size;
      this.removed += 1;
    }
  }

  /** Bytes above a share of the limit. */
  private async excessOver(share: number): Promise<number> {
    const { bytes, limit } = await this.content.usage();
    return limit > 0 ? bytes - share * limit : 0;
  }

  private endPass(): void {
    if (this.removed > 0) this.log.info({ documents: this.removed }, 'archived documents were removed from the broker');
    this.next = 1;
    this.needed = [];
    this.ids.clear();
    this.removed = 0;
  }
}
