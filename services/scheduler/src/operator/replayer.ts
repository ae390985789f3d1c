import { Injectable } from '@nestjs/common';
import type { CommandAnswer, OperatorRequest } from '#libs/contracts';
import { ReplayRepository, type ReplayTarget } from '#libs/database';
import { CommandEffects } from './command-effects.js';
import { noSuch, notNow } from './refusals.js';
import { leftOutSentence, replayAnswer } from './replay-answer.js';

/** Runs stages of ended runs again. */
@Injectable()
export class Replayer {
  constructor(
    private readonly runs: ReplayRepository,
    private readonly effects: CommandEffects,
  ) {}

  /** Throws OperatorRefusal when the run or batch does not exist, or when a single run cannot be replayed. */
  async replay(request: OperatorRequest<'replay'>): Promise<CommandAnswer> {
    const { actor, dryRun } = request;
    const replay = await this.runs.replay(targetOf(request), { verb: 'replay', actor, request }, { dryRun });
    if (!replay) throw request.run === undefined ? noSuch('batch', request.batch!) : noSuch('run', request.run);
    const [refused] = replay.leftOut;
    if (request.run !== undefined && refused) throw notNow(leftOutSentence(refused));
    if (!dryRun) await this.effects.follow(replay.changes);
    return replayAnswer(replay, { dryRun, runs: request.runs ?? 'failed' });
  }
}

function targetOf({ run, batch, stage, runs = 'failed', fingerprint, app }: OperatorRequest<'replay'>): ReplayTarget {
  const from = { stage: stage ?? null };
  return run === undefined
    ? { ...from, batch: batch!, runs, fingerprint: fingerprint ?? null, app: app ?? null }
    : { ...from, run };
}
