import { Injectable } from '@nestjs/common';
import type { AuditAnswer, OperatorRequest } from '#libs/contracts';
import { AuditRepository, type BatchAudit } from '#libs/database';
import { auditSentences } from './audit-sentences.js';
import { CommandEffects } from './command-effects.js';
import { noSuch } from './refusals.js';

const MAX_SENTENCES = 200;

/** Compares the counters of batches with a recount. */
@Injectable()
export class Auditor {
  constructor(
    private readonly batches: AuditRepository,
    private readonly effects: CommandEffects,
  ) {}

  /** Audits one batch after the other, each in one snapshot. Throws OperatorRefusal when the batch does not exist. */
  async audit(request: OperatorRequest<'audit'>): Promise<AuditAnswer> {
    const ids = request.batch === undefined ? await this.batches.batches() : [request.batch];
    const sentences: string[] = [];
    let isRepaired = false;
    let isSound = true;
    for (const id of ids) {
      const found = await this.recount(id, request);
      if (!found) continue;
      sentences.push(...auditSentences(found));
      isRepaired ||= found.change !== null;
      isSound &&= found.inconsistentRuns.length === 0 && (found.change !== null || !isMiscounted(found));
      if (found.change) await this.effects.follow([found.change]);
    }
    return { ok: isSound, batches: ids.length, disagreements: limited(sentences), repaired: isRepaired };
  }

  private async recount(batch: number, request: OperatorRequest<'audit'>): Promise<BatchAudit | null> {
    const { actor, repair } = request;
    const found = repair
      ? await this.batches.repair(batch, { verb: 'audit', actor, request })
      : await this.batches.audit(batch);
    if (!found && request.batch !== undefined) throw noSuch('batch', batch);
    return found;
  }
}

const isMiscounted = ({ miscounts, isStateWrong }: BatchAudit): boolean => miscounts.length > 0 || isStateWrong;

function limited(sentences: readonly string[]): string[] {
  const others = sentences.length - MAX_SENTENCES;
  return [...sentences.slice(0, MAX_SENTENCES), ...(others > 0 ? [`And ${others} more.`] : [])];
}
