import { Injectable } from '@nestjs/common';
import { deadSubject, parseStageSubject, type StageAddress, STREAMS } from '#libs/contracts';
import { NatsLink, readLast, readNext, type StoredMessage, streamSubjects } from '#libs/messaging';

const DEAD = STREAMS.dead.name;
/** A subject can contain any number; no pipeline has this many stages. */
const MAX_INDEX = 1000;
/** Letters that are read in parallel. */
const PARALLEL = 50;

/** A stage with a dead letter, according to the letter's subject. */
export type DeadStage = StageAddress & { readonly app: string };

/** Reads the stream of dead letters. */
@Injectable()
export class DeadLetters {
  constructor(private readonly link: NatsLink) {}

  /** The dead letter with this sequence; null when it does not exist. */
  async at(sequence: number): Promise<StoredMessage | null> {
    const found = await readNext(this.link.connection, DEAD, STREAMS.dead.subjects[0], sequence);
    return found?.sequence === sequence ? found : null;
  }

  /** Stages of a batch or an app that have dead letters; letters whose subject does not name a stage are omitted. */
  async stages({ batch, app }: { batch?: number | undefined; app?: string | undefined }): Promise<DeadStage[]> {
    const filter = `dead.${app ?? '*'}.${batch ?? '*'}.*.*`;
    const subjects = await streamSubjects(this.link.connection, DEAD, filter);
    return subjects.flatMap((subject) => parseStageSubject(subject) ?? []).filter(({ index }) => index < MAX_INDEX);
  }

  /** The newest dead letter of each of these stages. */
  async newest(stages: readonly DeadStage[]): Promise<StoredMessage[]> {
    const letters: StoredMessage[] = [];
    for (let first = 0; first < stages.length; first += PARALLEL) {
      const some = stages.slice(first, first + PARALLEL);
      const read = some.map((stage) => readLast(this.link.connection, DEAD, deadSubject(stage.app, stage)));
      letters.push(...(await Promise.all(read)).filter((letter) => letter !== null));
    }
    return letters;
  }
}
