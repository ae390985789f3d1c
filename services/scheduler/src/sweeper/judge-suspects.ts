import { appConsumer, STREAMS } from '#libs/contracts';
import type { UnsettledStage } from '#libs/database';
import { consumerPosition, type ConsumerPosition, type NatsLink } from '#libs/messaging';
import type { Logger } from '#libs/runtime';
import { decideSweep, type StageSituation, type SweepDecision } from './decide-sweep.js';
import { type FoundTraces, readTraces } from './stage-traces.js';

/** Stages that the broker is asked about at once. */
const AT_ONCE = 50;

/** A stage that may have been lost. */
export interface Suspect {
  readonly stage: UnsettledStage;
  readonly situation: StageSituation;
}

/** What becomes of a suspect, and what the broker holds of it. */
export interface Judged extends Suspect {
  readonly traces: FoundTraces;
  readonly decision: SweepDecision;
}

interface Means {
  readonly link: NatsLink;
  readonly log: Logger;
}

/** Asks the broker about suspects; returns those of which something becomes. */
export async function judgeSuspects(means: Means, suspects: readonly Suspect[]): Promise<Judged[]> {
  const places = await placesOf(means, new Set(suspects.map(({ stage }) => stage.app)));
  const known = suspects.filter(({ stage }) => places.has(stage.app));
  const judged: Judged[] = [];
  for (let begin = 0; begin < known.length; begin += AT_ONCE) {
    const some = known.slice(begin, begin + AT_ONCE).map(async ({ stage, situation }) => {
      const traces = await readTraces(means.link, stage, places.get(stage.app)!);
      return { stage, situation, traces, decision: decideSweep(situation, traces) };
    });
    judged.push(...(await Promise.all(some)));
  }
  return judged.filter(({ decision }) => decision !== 'leave');
}

/** Where the consumers of apps stand; one that cannot be asked is left for the next round. */
async function placesOf({ link, log }: Means, apps: ReadonlySet<string>): Promise<Map<string, ConsumerPosition>> {
  const places = new Map<string, ConsumerPosition>();
  for (const app of apps) {
    const asked = consumerPosition(link.connection, STREAMS.stages.name, appConsumer(app));
    const place = await asked.catch((error: unknown) =>
      log.warn({ err: error, app }, 'stages of the app are not swept'),
    );
    if (place) places.set(app, place);
  }
  return places;
}
