import {
  appConsumer,
  deadSubject,
  type Explanation,
  stageEventSchema,
  HEARTBEAT_SECONDS,
  type OperatorRequest,
  RECORDER_CONSUMER,
  settledSubject,
  slipSchema,
  stageSubject,
  STREAMS,
  type WorkerHeartbeat,
} from '#libs/contracts';
import type { AdmissionRepository, ExplainRepository, RunFacts } from '#libs/database';
import { consumerPosition, Control, type NatsLink, readLast, type StoredMessage } from '#libs/messaging';
import type { AppDurations } from '../admission/app-durations.js';
import { freeCredits, runsAhead } from '../admission/choose-runs.js';
import type { AppRegistry } from '../registry/app-registry.js';
import { deadLetterFacts, readHead } from './dead-letter.js';
import { explainApp } from './explain-app.js';
import { explainBatch } from './explain-batch.js';
import { explainRun } from './explain-run.js';
import { noSuch } from './refusals.js';
import type { BrokerFacts, Surroundings } from './situation.js';

const SECOND = 1000;
/** A worker whose last heartbeat is older has died. */
const DEAD_AFTER = 4 * HEARTBEAT_SECONDS * SECOND;

/** Tells why something does not get on: asks Postgres and the broker, and leaves the judgement to pure functions. */
export class Explainer {
  constructor(
    private readonly facts: ExplainRepository,
    private readonly admission: AdmissionRepository,
    private readonly registry: AppRegistry,
    private readonly durations: AppDurations,
    private readonly link: NatsLink,
  ) {}

  /** Throws OperatorRefusal when there is no such thing. */
  async explain({ run, batch, app }: OperatorRequest<'explain'>): Promise<Explanation> {
    if (run !== undefined) return this.explainRun(run);
    if (batch !== undefined) {
      const facts = await this.facts.batch(batch);
      if (!facts) throw noSuch('batch', batch);
      return explainBatch(facts, await this.surroundings());
    }
    const load = await this.facts.app(app!);
    if (!load) throw noSuch('app', app!);
    return explainApp(load, await this.surroundings(), (await this.position(app!)) !== null);
  }

  private async explainRun(id: number): Promise<Explanation> {
    const run = await this.facts.run(id);
    if (!run) throw noSuch('run', id);
    const heartbeats = await this.liveWorkers();
    const [around, broker] = await Promise.all([this.surroundings(heartbeats), this.brokerFacts(run, heartbeats)]);
    return explainRun({ run, around, broker });
  }

  private async surroundings(heartbeats?: readonly WorkerHeartbeat[]): Promise<Surroundings> {
    const [live, { runs, routes }, lag] = await Promise.all([
      heartbeats ?? this.liveWorkers(),
      this.admission.runsInProgress(),
      this.lag(),
    ]);
    const loads = runs.map(({ batch, nextIndex, count }) => ({ apps: routes.get(batch) ?? [], nextIndex, count }));
    const workers = new Map<string, string[]>();
    for (const { worker, apps } of live) {
      for (const app of apps) workers.set(app, [...(workers.get(app) ?? []), worker]);
    }
    return {
      now: Date.now(),
      workers,
      credits: freeCredits({ slots: this.registry.slots(), durations: this.durations.all() }, loads),
      underWay: runsAhead(loads),
      lag,
    };
  }

  private async brokerFacts(run: RunFacts, live: readonly WorkerHeartbeat[]): Promise<BrokerFacts | null> {
    const app = run.batch.route[run.nextIndex]?.app;
    if (app === undefined) return null;
    const address = { batch: run.batch.batch, run: run.run, index: run.nextIndex };
    // First: what is acknowledged by then has left its other traces.
    const position = await this.position(app);
    const [message, settlement, letter] = await Promise.all([
      this.last(STREAMS.stages.name, stageSubject(app, address)),
      this.last(STREAMS.events.name, settledSubject(address)),
      this.last(STREAMS.dead.name, deadSubject(app, address)),
    ]);
    const holders = live.flatMap(({ worker, inFlight }) =>
      inFlight.filter((held) => isHeld(held, run)).map(({ since }) => ({ worker, since })),
    );
    return {
      installation: this.registry.installation,
      holder: holders.toSorted((a, b) => b.since - a.since)[0] ?? null,
      message: message && {
        sequence: message.sequence,
        installation: readHead(message, slipSchema)?.installation ?? null,
      },
      position,
      settledGeneration: (settlement && readHead(settlement, stageEventSchema)?.generation) ?? null,
      deadLetter: letter && deadLetterFacts(letter),
    };
  }

  private async liveWorkers(): Promise<WorkerHeartbeat[]> {
    const control = await Control.open(this.link.connection);
    const now = Date.now();
    return (await control.heartbeats()).filter(({ at }) => now - at < DEAD_AFTER);
  }

  /** What is not there, and what cannot be asked, is no fact. */
  private position(app: string) {
    return consumerPosition(this.link.connection, STREAMS.stages.name, appConsumer(app)).catch(() => null);
  }

  private lag(): Promise<number | null> {
    return consumerPosition(this.link.connection, STREAMS.events.name, RECORDER_CONSUMER).then(
      ({ pending }) => pending,
      () => null,
    );
  }

  private last(stream: string, subject: string): Promise<StoredMessage | null> {
    return readLast(this.link.connection, stream, subject).catch(() => null);
  }
}

/** A raw replay does not say its generation: it may be any. */
const isHeld = ({ run, index, generation }: WorkerHeartbeat['inFlight'][number], facts: RunFacts): boolean =>
  run === facts.run && index === facts.nextIndex && (generation === 0 || generation >= facts.generation);
