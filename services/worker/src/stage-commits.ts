import type { ReadStageEvent } from '#libs/contracts';
import { PublishRefused, untilAnswered } from '#libs/messaging';
import { type StageResult, unrecordableResult } from './adapters/stage-result.js';
import { unrecordableReason } from './recordable.js';
import { type EventContext, parkedEvent, settledEvent } from './stage-events.js';
import type { StageLog } from './stage-log.js';
import type { StageRunnerParts } from './stage-runner-parts.js';
import type { StageTask } from './stage-task.js';

const NO_BYTES = new Uint8Array();

export const isRefused = (error: unknown): error is PublishRefused => error instanceof PublishRefused;

/**
 * Commits how a stage ended. Each method returns the settlement that is stored for the lineage, or null when a newer
 * lineage is settled.
 */
export class StageCommits {
  constructor(
    private readonly parts: Pick<StageRunnerParts, 'link' | 'stopping' | 'onStep'>,
    private readonly log: StageLog,
  ) {}

  park(task: StageTask, context: EventContext): Promise<ReadStageEvent | null> {
    return this.log.commit({ event: parkedEvent(task, context), inline: NO_BYTES });
  }

  /** A result that the broker or the recorder would reject becomes a failure. */
  async settle(task: StageTask, context: EventContext, result: StageResult): Promise<ReadStageEvent | null> {
    const { output } = result;
    const pack = (bytes: Uint8Array) => this.parts.link.documents.pack(task.slip, bytes);
    const packed = output && (await untilAnswered(() => pack(output), this.parts.stopping, isRefused));
    this.parts.onStep?.('packed');
    const at = Math.round(context.startedAt + context.started.elapsed());
    const settled = { at, ...(packed ? { document: packed.ref } : {}) };
    const event = settledEvent(task, context, result, settled);
    const commitFailure = (reason: string) => {
      const failure = settledEvent(task, context, unrecordableResult(task.stage.app, reason), { at: settled.at });
      return this.log.commit({ event: failure, inline: NO_BYTES });
    };
    const reason = unrecordableReason(event);
    if (reason !== null) return commitFailure(reason);
    try {
      return await this.log.commit({ event, inline: packed?.inline ?? NO_BYTES });
    } catch (error) {
      if (!isRefused(error)) throw error;
      return commitFailure(error.message);
    }
  }
}
