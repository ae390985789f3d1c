import { Injectable } from '@nestjs/common';
import { type CommandAnswer, countOf, firstOf, type OperatorRequest } from '#libs/contracts';
import { type Replay, ReplayRepository } from '#libs/database';
import { SchedulerSettings } from '../scheduler-settings.js';
import { CommandEffects } from './command-effects.js';
import { stageOfLetter } from './dead-letter.js';
import { DeadLetters } from './dead-letters.js';
import { noSuch, notNow } from './refusals.js';
import { leftOutSentence, replayAnswer } from './replay-answer.js';

/** Maximum number of letters that one command reads. */
const MAX_LETTERS = 1000;
const NAMED_LETTERS = 3;

type Stage = { readonly run: number; readonly index: number };

/**
 * Runs the stages of dead letters again. Only the run and the stage come from a letter: the run continues from what
 * Postgres has stored, in a new generation, so a letter that is redriven twice runs once. The letters remain in DEAD.
 */
@Injectable()
export class Redriver {
  constructor(
    private readonly letters: DeadLetters,
    private readonly runs: ReplayRepository,
    private readonly settings: SchedulerSettings,
    private readonly effects: CommandEffects,
  ) {}

  /** Throws OperatorRefusal when a single letter does not exist, or its stage cannot be run again. */
  redrive(request: OperatorRequest<'redrive'>): Promise<CommandAnswer> {
    return request.sequence === undefined ? this.redriveAll(request) : this.redriveOne(request, request.sequence);
  }

  private async redriveOne(request: OperatorRequest<'redrive'>, sequence: number): Promise<CommandAnswer> {
    const letter = await this.letters.at(sequence);
    if (!letter) throw noSuch('dead letter', sequence);
    const stage = stageOfLetter(letter, this.settings.installation);
    if (typeof stage === 'string') throw notNow(stage);
    const replay = await this.replay(request, [stage], request.dryRun);
    const [refused] = replay.leftOut;
    if (refused) throw notNow(leftOutSentence(refused));
    if (replay.again.length === 0) throw noSuch('run', stage.run);
    return this.answer(replay, request.dryRun, []);
  }

  /** Filters by subject first: most letters belong to runs that have continued since, and need not be read. */
  private async redriveAll(request: OperatorRequest<'redrive'>): Promise<CommandAnswer> {
    const stages = await this.letters.stages(request);
    const wanted = await this.replay(request, stages, true);
    const failed = new Set(wanted.again.map(({ run, index }) => `${run}/${index}`));
    const candidates = stages.filter(({ run, index }) => failed.has(`${run}/${index}`));
    const judged = (await this.letters.newest(candidates.slice(0, MAX_LETTERS))).map((letter) =>
      stageOfLetter(letter, this.settings.installation),
    );
    const refusals = judged.filter((stage) => typeof stage === 'string');
    const failedAt = judged.filter((stage) => typeof stage !== 'string');
    const replay = await this.replay(request, failedAt, request.dryRun);
    const left = candidates.length - MAX_LETTERS;
    const more =
      left > 0
        ? [`${countOf(left, 'more dead letter')} ${left === 1 ? 'remains' : 'remain'}: repeat the command.`]
        : [];
    const unknown = stages.length - wanted.again.length - wanted.leftOut.length;
    const strays =
      unknown > 0
        ? [
            `${countOf(unknown, 'dead letter')} ${unknown === 1 ? 'belongs to an unknown run' : 'belong to unknown runs'}.`,
          ]
        : [];
    const answered = { ...replay, leftOut: [...wanted.leftOut, ...replay.leftOut] };
    return this.answer(answered, request.dryRun, [...refusalSentences(refusals), ...strays, ...more]);
  }

  private async replay(request: OperatorRequest<'redrive'>, stages: readonly Stage[], dryRun: boolean) {
    const { actor } = request;
    // A run has failed at one stage at most: its other letters are refused.
    const failedAt = stages.map(({ run, index }) => ({ run, index }));
    return (await this.runs.replay({ failedAt }, { verb: 'redrive', actor, request }, { dryRun }))!;
  }

  private async answer(replay: Replay, dryRun: boolean, sentences: readonly string[]): Promise<CommandAnswer> {
    if (!dryRun) await this.effects.follow(replay.changes);
    const answer = replayAnswer(replay, { dryRun });
    return { ...answer, sentence: [answer.sentence, ...sentences].join(' ') };
  }
}

const refusalSentences = (refusals: readonly string[]): string[] =>
  refusals.length === 0 ? [] : [firstOf(refusals, NAMED_LETTERS).replace(/([^.])$/, '$1.')];
