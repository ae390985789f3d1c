import { deadSubject, parseStageSubject, type StageAddress, STREAMS } from '#libs/contracts';
import { type NatsLink, readLast, readNext, type StoredMessage, streamSubjects } from '#libs/messaging';

const DEAD = STREAMS.dead.name;
/** A subject may say any number; stages are numbered far below this. */
const MAX_INDEX = 1000;
/** Letters read at once. */
const IN_PARALLEL = 50;

/** A stage of which there is a dead letter, as its subject says. */
export type DeadStage = StageAddress & { readonly app: string };

/** The stream of dead letters. */
export class DeadLetters {
  constructor(private readonly link: NatsLink) {}

  /** The dead letter of a sequence; null when it is not there. */
  async at(sequence: number): Promise<StoredMessage | null> {
    const found = await readNext(this.link.connection, DEAD, STREAMS.dead.subjects[0], sequence);
    return found?.sequence === sequence ? found : null;
  }

  /** Stages of which there are dead letters, of a batch or of an app; what names no stage is left out. */
  async stages({ batch, app }: { batch?: number | undefined; app?: string | undefined }): Promise<DeadStage[]> {
    const filter = `dead.${app ?? '*'}.${batch ?? '*'}.*.*`;
    const subjects = await streamSubjects(this.link.connection, DEAD, filter);
    return subjects.flatMap((subject) => parseStageSubject(subject) ?? []).filter(({ index }) => index < MAX_INDEX);
  }

  /** The newest dead letter of each stage. */
  async newest(stages: readonly DeadStage[]): Promise<StoredMessage[]> {
    const letters: StoredMessage[] = [];
    for (let first = 0; first < stages.length; first += IN_PARALLEL) {
      const some = stages.slice(first, first + IN_PARALLEL);
      const read = some.map((stage) => readLast(this.link.connection, DEAD, deadSubject(stage.app, stage)));
      letters.push(...(await Promise.all(read)).filter((letter) => letter !== null));
    }
    return letters;
  }
}
