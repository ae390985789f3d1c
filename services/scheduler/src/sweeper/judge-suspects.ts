import { appConsumer, STREAMS } from '#libs/contracts';
import type { UnsettledStage } from '#libs/database';
import { consumerPosition, type ConsumerPosition, type NatsLink } from '#libs/messaging';
import type { Logger } from '#libs/runtime';
import { decideSweep, type StageSituation, type SweepDecision } from './decide-sweep.js';
import { type FoundTraces, readTraces } from './stage-traces.js';

/** Stages whose traces are read in parallel. */
const PARALLEL = 50;

/** A stage that may have been lost. */
export interface Suspect {
  readonly stage: UnsettledStage;
  readonly situation: StageSituation;
}

/** A suspect, what the broker holds about it, and what to do. */
export interface Judged extends Suspect {
  readonly traces: FoundTraces;
  readonly decision: SweepDecision;
}

interface Broker {
  readonly link: NatsLink;
  readonly log: Logger;
}

/** Asks the broker about suspects; returns those that need an action. */
export async function judgeSuspects(broker: Broker, suspects: readonly Suspect[]): Promise<Judged[]> {
  const positions = await positionsOf(broker, new Set(suspects.map(({ stage }) => stage.app)));
  const known = suspects.filter(({ stage }) => positions.has(stage.app));
  const judged: Judged[] = [];
  for (let begin = 0; begin < known.length; begin += PARALLEL) {
    const some = known.slice(begin, begin + PARALLEL).map(async ({ stage, situation }) => {
      const traces = await readTraces(broker.link, stage, positions.get(stage.app)!);
      return { stage, situation, traces, decision: decideSweep(situation, traces) };
    });
    judged.push(...(await Promise.all(some)));
  }
  return judged.filter(({ decision }) => decision !== 'leave');
}

/** Positions of the consumers of apps. An app whose consumer does not answer is left for the next round. */
async function positionsOf({ link, log }: Broker, apps: ReadonlySet<string>): Promise<Map<string, ConsumerPosition>> {
  const positions = new Map<string, ConsumerPosition>();
  for (const app of apps) {
    try {
      positions.set(app, await consumerPosition(link.connection, STREAMS.stages.name, appConsumer(app)));
    } catch (error) {
      log.warn({ err: error, app }, 'the stages of this app cannot be swept now');
    }
  }
  return positions;
}
