import { type CommandAnswer, countOf, firstOf, type OperatorRequest } from '#libs/contracts';
import type { Replay, ReplayRepository } from '#libs/database';
import type { CommandEffects } from './command-effects.js';
import { stageOfLetter } from './dead-letter.js';
import type { DeadLetters } from './dead-letters.js';
import { noSuch, notNow } from './refusals.js';
import { leftOutSentence, replayAnswer } from './replay-answer.js';

/** Letters that one command reads at most. */
const MAX_LETTERS = 1000;
const NAMED_LETTERS = 3;

type Stage = { readonly run: number; readonly index: number };

/**
 * Runs the stages of dead letters again. Only the run and the stage are taken from a letter: the run goes on from what
 * Postgres has stored, as a new generation. The letters stay where they are.
 */
export class Redriver {
  constructor(
    private readonly letters: DeadLetters,
    private readonly runs: ReplayRepository,
    private readonly installation: string,
    private readonly effects: CommandEffects,
  ) {}

  /** Throws OperatorRefusal when the one letter is not there, or its stage cannot be run again. */
  redrive(request: OperatorRequest<'redrive'>): Promise<CommandAnswer> {
    return request.sequence === undefined ? this.redriveAll(request) : this.redriveOne(request, request.sequence);
  }

  private async redriveOne(request: OperatorRequest<'redrive'>, sequence: number): Promise<CommandAnswer> {
    const letter = await this.letters.at(sequence);
    if (!letter) throw noSuch('dead letter', sequence);
    const stage = stageOfLetter(letter, this.installation);
    if (typeof stage === 'string') throw notNow(stage);
    const replay = await this.replay(request, [stage], request.dryRun);
    const [refused] = replay.leftOut;
    if (refused) throw notNow(leftOutSentence(refused));
    if (replay.again.length === 0) throw noSuch('run', stage.run);
    return this.answer(replay, request.dryRun, []);
  }

  /** Judges by subjects first: most letters are of runs that have gone on since, and need not be read. */
  private async redriveAll(request: OperatorRequest<'redrive'>): Promise<CommandAnswer> {
    const stages = await this.letters.stages(request);
    const wanted = await this.replay(request, stages, true);
    const failed = new Set(wanted.again.map(({ run, index }) => `${run}/${index}`));
    const candidates = stages.filter(({ run, index }) => failed.has(`${run}/${index}`));
    const judged = (await this.letters.newest(candidates.slice(0, MAX_LETTERS))).map((letter) =>
      stageOfLetter(letter, this.installation),
    );
    const refusals = judged.filter((stage) => typeof stage === 'string');
    const failedAt = judged.filter((stage) => typeof stage !== 'string');
    const replay = await this.replay(request, failedAt, request.dryRun);
    const left = candidates.length - MAX_LETTERS;
    const more = left > 0 ? [`${left} more wait: ask again for them.`] : [];
    const unknown = stages.length - wanted.again.length - wanted.leftOut.length;
    const strange =
      unknown > 0 ? [`${countOf(unknown, 'dead letter')} ${unknown === 1 ? 'names' : 'name'} no run of ours.`] : [];
    const answered = { ...replay, leftOut: [...wanted.leftOut, ...replay.leftOut] };
    return this.answer(answered, request.dryRun, [...refusalSentences(refusals), ...strange, ...more]);
  }

  private async replay(request: OperatorRequest<'redrive'>, stages: readonly Stage[], dryRun: boolean) {
    const { actor } = request;
    // A run has one stage at which it can have failed: of several letters of it the others are refused.
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
