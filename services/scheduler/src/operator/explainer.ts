import { Injectable } from '@nestjs/common';
import {
  appConsumer,
  deadSubject,
  type Explanation,
  type OperatorRequest,
  readSlip,
  readStageEvent,
  settledSubject,
  stageSubject,
  STREAMS,
  type WorkerHeartbeat,
} from '#libs/contracts';
import { ExplainRepository, type RunStatus } from '#libs/database';
import { consumerPosition, NatsLink, readLast, type StoredMessage } from '#libs/messaging';
import { SchedulerSettings } from '../scheduler-settings.js';
import { deadLetterStatus } from './dead-letter.js';
import { explainApp } from './explain-app.js';
import { explainBatch } from './explain-batch.js';
import { explainRun } from './explain-run.js';
import { noSuch } from './refusals.js';
import type { BrokerStatus } from './situation.js';
import { SystemReader } from './system-reader.js';

/** Explains why something makes no progress: reads Postgres and the broker, and leaves the decision to pure functions. */
@Injectable()
export class Explainer {
  constructor(
    private readonly status: ExplainRepository,
    private readonly system: SystemReader,
    private readonly link: NatsLink,
    private readonly settings: SchedulerSettings,
  ) {}

  /** Throws OperatorRefusal when the run, batch or app does not exist. */
  async explain({ run, batch, app }: OperatorRequest<'explain'>): Promise<Explanation> {
    if (run !== undefined) return this.explainRun(run);
    if (batch !== undefined) {
      const status = await this.status.batch(batch);
      if (!status) throw noSuch('batch', batch);
      return explainBatch(status, await this.system.now());
    }
    const load = await this.status.app(app!);
    if (!load) throw noSuch('app', app!);
    return explainApp(load, await this.system.now(), (await this.position(app!)) !== null);
  }

  private async explainRun(id: number): Promise<Explanation> {
    const run = await this.status.run(id);
    if (!run) throw noSuch('run', id);
    const heartbeats = await this.system.runningWorkers();
    const [system, broker] = await Promise.all([this.system.now(heartbeats), this.brokerStatus(run, heartbeats)]);
    return explainRun({ run, system, broker });
  }

  private async brokerStatus(run: RunStatus, running: readonly WorkerHeartbeat[]): Promise<BrokerStatus | null> {
    const app = run.batch.route[run.nextIndex]?.app;
    if (app === undefined) return null;
    const address = { batch: run.batch.batch, run: run.run, index: run.nextIndex };
    // First, because a stage that is acknowledged by then has left its other traces.
    const position = await this.position(app);
    const [message, settlement, letter] = await Promise.all([
      this.last(STREAMS.stages.name, stageSubject(app, address)),
      this.last(STREAMS.events.name, settledSubject(address)),
      this.last(STREAMS.dead.name, deadSubject(app, address)),
    ]);
    const holders = running.flatMap(({ worker, inFlight }) =>
      inFlight.filter((held) => isHeld(held, run)).map(({ since }) => ({ worker, since })),
    );
    return {
      installation: this.settings.installation,
      holder: holders.toSorted((a, b) => b.since - a.since)[0] ?? null,
      message: message && { sequence: message.sequence, installation: installationOf(message) },
      position,
      settledGeneration: settlement && generationOf(settlement),
      deadLetter: letter && deadLetterStatus(letter),
    };
  }

  // What the broker does not answer is treated as absent.
  private position(app: string) {
    return consumerPosition(this.link.connection, STREAMS.stages.name, appConsumer(app)).catch(() => null);
  }

  private last(stream: string, subject: string): Promise<StoredMessage | null> {
    return readLast(this.link.connection, stream, subject).catch(() => null);
  }
}

function installationOf({ body }: StoredMessage): string | null {
  const read = readSlip(body);
  return typeof read === 'string' ? null : read.slip.installation;
}

function generationOf({ body }: StoredMessage): number | null {
  const read = readStageEvent(body);
  return typeof read === 'string' ? null : read.event.generation;
}

/** A raw replay has no generation of its own, so it may be any. */
const isHeld = ({ run, index, generation }: WorkerHeartbeat['inFlight'][number], status: RunStatus): boolean =>
  run === status.run && index === status.nextIndex && (generation === 0 || generation >= status.generation);
