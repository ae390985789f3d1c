import { Injectable } from '@nestjs/common';
import {
  type BatchRetentionRule,
  type BatchRetentionView,
  retentionDue,
  retentionEnd,
  type RetentionRule,
  retentionSentence,
  type RetentionView,
} from '#libs/contracts';
import { type BatchRetention, RetentionRepository } from '#libs/database';
import { unknown } from '../http/problem-error.js';

/** Actor of a rule change, and whether it is only previewed. */
export interface RuleChange {
  readonly actor: string;
  readonly dryRun: boolean;
}

/** Reads and changes retention rules, and previews the effect of a change. */
@Injectable()
export class RetentionService {
  constructor(private readonly retention: RetentionRepository) {}

  async read(): Promise<RetentionView> {
    const { keep, days, changedBy, changedAt } = await this.retention.ofInstallation();
    const following = await this.retention.following();
    return {
      keep,
      days,
      sentence: retentionSentence({ keep, days }),
      changedBy,
      changedAt: changedAt?.toISOString() ?? null,
      due: following.filter((batch) => retentionDue({ ...batch, keep, days }, Date.now()) !== null).length,
    };
  }

  async change(rule: RetentionRule, { actor, dryRun }: RuleChange): Promise<RetentionView> {
    if (!dryRun) {
      await this.retention.change(rule, actor);
      return this.read();
    }
    const following = await this.retention.following();
    const due = following.filter((batch) => retentionDue({ ...batch, ...rule }, Date.now()) !== null).length;
    return { ...(await this.read()), ...rule, sentence: retentionSentence(rule), due };
  }

  async ofBatch(id: number): Promise<BatchRetentionView> {
    const batch = await this.retention.ofBatch(id);
    if (!batch) throw unknown('batch', id);
    return viewOf(batch);
  }

  async changeBatch(id: number, rule: BatchRetentionRule, { actor, dryRun }: RuleChange): Promise<BatchRetentionView> {
    const batch = await this.retention.ofBatch(id);
    if (!batch) throw unknown('batch', id);
    if (!dryRun) {
      await this.retention.changeBatch(id, rule, actor);
      return this.ofBatch(id);
    }
    const { keep, days } = rule.keep === null ? await this.retention.ofInstallation() : rule;
    return viewOf({ ...batch, own: rule.keep !== null, keep: keep!, days });
  }
}

function viewOf({ keep, days, own, kept, ...rest }: BatchRetention): BatchRetentionView {
  const state = { keep, days, kept, ...rest };
  return {
    keep,
    days,
    own,
    sentence: retentionSentence({ keep, days }),
    kept,
    removesAt: retentionEnd(state)?.toISOString() ?? null,
    due: retentionDue(state, Date.now()) !== null,
  };
}
