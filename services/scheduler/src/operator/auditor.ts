import type { AuditAnswer, OperatorRequest } from '#libs/contracts';
import type { AuditRepository, BatchAudit } from '#libs/database';
import { auditSentences } from './audit-sentences.js';
import type { CommandEffects } from './command-effects.js';
import { noSuch } from './refusals.js';

/** An answer has so many sentences. */
const MAX_SENTENCES = 200;

/** Compares what is maintained with what it is counted from. */
export class Auditor {
  constructor(
    private readonly batches: AuditRepository,
    private readonly effects: CommandEffects,
  ) {}

  /** One batch after the other, each at one moment; throws OperatorRefusal when there is no such batch. */
  async audit(request: OperatorRequest<'audit'>): Promise<AuditAnswer> {
    const ids = request.batch === undefined ? await this.batches.batches() : [request.batch];
    const sentences: string[] = [];
    let isRepaired = false;
    let isSound = true;
    for (const id of ids) {
      const found = await this.look(id, request);
      if (!found) continue;
      sentences.push(...auditSentences(found));
      isRepaired ||= found.change !== null;
      isSound &&= found.oddRuns.length === 0 && (found.change !== null || !isMiscounted(found));
      if (found.change) await this.effects.follow([found.change]);
    }
    return { ok: isSound, batches: ids.length, disagreements: firstOf(sentences), repaired: isRepaired };
  }

  private async look(batch: number, request: OperatorRequest<'audit'>): Promise<BatchAudit | null> {
    const { actor, repair } = request;
    const found = repair
      ? await this.batches.repair(batch, { verb: 'audit', actor, request })
      : await this.batches.audit(batch);
    if (!found && request.batch !== undefined) throw noSuch('batch', batch);
    return found;
  }
}

const isMiscounted = ({ miscounts, isStateWrong }: BatchAudit): boolean => miscounts.length > 0 || isStateWrong;

function firstOf(sentences: readonly string[]): string[] {
  const others = sentences.length - MAX_SENTENCES;
  return [...sentences.slice(0, MAX_SENTENCES), ...(others > 0 ? [`And ${others} more.`] : [])];
}
