import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  batchSchema,
  type CommandAnswer,
  commandAnswerSchema,
  type RunRow,
  runRowSchema,
  STREAMS,
} from '#libs/contracts';
import { type ScriptedApp, type ScriptedAppOptions, startScriptedApp, testFolder, waitFor } from '#libs/testing';
import {
  type NodeScript,
  obtainNatsServer,
  repositoryRoot,
  type RunningProcess,
  type ServiceName,
  startNodeService,
  Supervisor,
} from '#deploy/local';
import { ChaosStack } from '../src/chaos-stack.js';
import { auditCounters } from '../src/check/audit-counters.js';
import { addMediaFiles, createBatch, savePipeline } from '../src/definitions.js';
import { History } from '../src/history.js';
import { LiveViewer, readCells } from '../src/live-viewer.js';

const MINUTE = 60_000;
/** Seconds; after three times this, the sweeper assumes that no worker holds the stages of a dead worker. */
const ACK_WAIT = 5;
/** Milliseconds; processes that are killed at several steps would otherwise wait longer before each restart. */
const RESTART_DELAY = 250;

/** A process that kills itself. */
export interface Fate {
  readonly name: string;
  readonly steps: readonly string[];
  /** Slugs of the apps that a worker serves; default: all. */
  readonly apps?: readonly string[];
}

/** The result of a batch. */
export interface Outcome {
  readonly rows: readonly RunRow[];
  /** Settlements of each stage, by `<row>/<index>`. */
  readonly settlements: ReadonlyMap<string, number>;
}

/** Servers, gateway and notifier for tests that start workers and schedulers and let them be killed. */
export class DirectedStage {
  private readonly apps: ScriptedApp[] = [];
  private readonly viewers: LiveViewer[] = [];
  private readonly history: History;
  private batches = 0;
  private newest: readonly string[] = [];

  private constructor(
    private readonly folder: string,
    private readonly stack: ChaosStack,
  ) {
    this.history = new History(stack.link);
  }

  static async open(): Promise<DirectedStage> {
    const folder = await testFolder('directed');
    const program = await obtainNatsServer({ folder, path: dirname(process.env['NATS_SERVER']!) });
    const none = { servers: 1, workers: 0, schedulers: 0, onEvent: () => undefined };
    return new DirectedStage(folder, await ChaosStack.start({ ...none, program, folder, ackWait: ACK_WAIT }));
  }

  async close(): Promise<void> {
    this.viewers.forEach((viewer) => viewer.close());
    await this.history.stop();
    await this.stack.stop();
    await Promise.all(this.apps.map((app) => app.close()));
  }

  /** Starts a worker or scheduler and keeps it running until the returned supervisor is stopped. */
  async keep(kind: ServiceName, name: string, more: Readonly<Record<string, string>> = {}): Promise<Supervisor> {
    const supervisor = new Supervisor(() => undefined);
    const service = this.stack.service(kind, name, more);
    await supervisor.keep({ name, start: () => startNodeService(service) });
    return supervisor;
  }

  /** Like `keep`, with a process that is killed once at each of the given steps. */
  async keepDying(kind: 'worker' | 'scheduler', fate: Fate): Promise<Supervisor> {
    const supervisor = new Supervisor(() => undefined, RESTART_DELAY);
    const service = this.dying(kind, fate);
    await supervisor.keep({ name: fate.name, start: () => startNodeService(service) });
    return supervisor;
  }

  /** Starts a worker that is killed at the first of the given steps and is not restarted. */
  startDyingWorker(fate: Fate): Promise<RunningProcess> {
    return startNodeService(this.dying('worker', fate));
  }

  wasKilled(name: string, step: string): boolean {
    return existsSync(`${this.marker(name)}${step}`);
  }

  /** Registers scripted apps and creates a pipeline of them. */
  async pipeline(
    name: string,
    stages: number,
    script?: ScriptedAppOptions['script'],
  ): Promise<{ apps: ScriptedApp[]; slugs: string[] }> {
    const names = Array.from({ length: stages }, (_, index) => `${name}-${index + 1}`);
    const apps = await Promise.all(names.map((app) => startScriptedApp({ name: app, ...(script && { script }) })));
    this.apps.push(...apps);
    const urls = apps.map(({ url }) => url);
    return { apps, slugs: await savePipeline(this.stack.api, urls, { name, concurrency: 1 }) };
  }

  /** A pipeline of the apps of another pipeline plus one more app. */
  async extendedPipeline(name: string, apps: readonly ScriptedApp[]): Promise<ScriptedApp> {
    const last = await startScriptedApp({ name: `${name}-last` });
    this.apps.push(last);
    await savePipeline(
      this.stack.api,
      [...apps, last].map(({ url }) => url),
      { name, concurrency: 1 },
    );
    return last;
  }

  /** Creates a draft batch of new files. */
  async createBatch(pipeline: string, count: number): Promise<number> {
    const { api, mediaFolder } = this.stack;
    this.batches += 1;
    this.newest = await addMediaFiles(api, mediaFolder, { prefix: `tape-${this.batches}-`, count });
    return (await createBatch(api, pipeline, this.newest)).id;
  }

  /** Creates a draft batch of the newest files that reuses the results of their runs. */
  async createReusingBatch(pipeline: string): Promise<number> {
    return (await createBatch(this.stack.api, pipeline, this.newest, { reuse: true })).id;
  }

  start(batch: number): Promise<void> {
    return this.stack.api.command(`/api/batches/${batch}/start`);
  }

  /**
   * Sends a command with an idempotency key, drops that request when `hasEnded` becomes true, and repeats the command with
   * its key until it is answered.
   */
  async sendUntilAnswered(
    path: string,
    hasEnded: () => boolean,
  ): Promise<{ answer: CommandAnswer; isReplayed: boolean }> {
    const { webUrl, accessToken } = this.stack;
    const headers = {
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    };
    const send = (signal: AbortSignal) =>
      fetch(new URL(path, webUrl), { method: 'POST', headers, body: '{}', signal }).catch(() => null);
    const dropping = new AbortController();
    const first = send(dropping.signal);
    await waitFor(hasEnded, { within: MINUTE, what: `The end of the process that received ${path}` });
    dropping.abort();
    if (await first) throw new Error(`${path} was answered, although its process had ended.`);
    const within = AbortSignal.timeout(MINUTE);
    const isAnswered = async () => {
      const answer = await send(within);
      return answer?.ok ? answer : undefined;
    };
    const answer = await waitFor(isAnswered, { within: MINUTE, what: `An answer to ${path}` });
    const isReplayed = answer.headers.get('idempotency-replayed') === 'true';
    return { answer: commandAnswerSchema.parse(await answer.json()), isReplayed };
  }

  /** A browser that watches a batch. */
  watch(batch: number, stages: number): LiveViewer {
    const { webUrl, accessToken } = this.stack;
    const viewer = new LiveViewer({ webUrl, accessToken, batch, stages });
    this.viewers.push(viewer);
    return viewer;
  }

  /** Waits until the cells of a browser equal those of the database. */
  async untilSeen(viewer: LiveViewer, batch: number): Promise<void> {
    const { webUrl, accessToken } = this.stack;
    const database = await readCells({ webUrl, accessToken, batch });
    const isSeen = () => Buffer.from(viewer.cells.bytes).equals(database.bytes);
    await waitFor(isSeen, { within: MINUTE / 2, what: 'The last change at the live client' });
  }

  /** Counters that differ from their rows. */
  disagreements(): Promise<string[]> {
    return auditCounters(this.stack.link);
  }

  async untilFinished(batch: number): Promise<void> {
    const { api } = this.stack;
    const isFinished = async () => (await api.get(`/api/batches/${batch}`, batchSchema)).summary.state === 'finished';
    await waitFor(isFinished, { within: 2 * MINUTE, what: `The end of batch ${batch}` });
  }

  /** Deletes the event log after reading all of it. */
  async loseEvents(): Promise<void> {
    await this.history.catchUp('EVENTS');
    await (await this.stack.link.connection.jetstreamManager()).streams.delete(STREAMS.events.name);
  }

  /** Waits for the end of a batch and of its last message; returns its result. */
  async outcome(batch: number): Promise<Outcome> {
    const { api } = this.stack;
    await this.untilFinished(batch);
    await this.untilAcknowledged();
    await this.history.catchUp('EVENTS');
    const rows = await api.list(`/api/batches/${batch}/runs`, runRowSchema);
    const settlements = new Map<string, number>();
    const results = this.history.settlements.filter(({ batch: of, kind }) => of === batch && kind !== 'parked');
    for (const { run, index } of results) {
      const key = `${rows.find(({ id }) => id === run)!.row}/${index}`;
      settlements.set(key, (settlements.get(key) ?? 0) + 1);
    }
    return { rows, settlements };
  }

  private dying(kind: 'worker' | 'scheduler', { name, steps, apps = [] }: Fate): NodeScript {
    const own: Record<string, string> = kind === 'worker' ? { WORKER_APPS: apps.join(','), WORKER_ID: name } : {};
    const variables = { DIE_AT: steps.join(','), DIE_MARKER: this.marker(name), ...own };
    const script = join(repositoryRoot, 'dist', 'deploy', 'chaos', 'src', 'processes', `dying-${kind}.js`);
    return { ...this.stack.service(kind, name, variables), script };
  }

  private marker(name: string): string {
    return join(this.folder, `${name}-was-killed-at-`);
  }

  private async untilAcknowledged(): Promise<void> {
    const manager = await this.stack.link.connection.jetstreamManager();
    const isIdle = async () => {
      for await (const info of manager.consumers.list(STREAMS.stages.name)) {
        if (info.num_pending > 0 || info.num_ack_pending > 0) return false;
      }
      return true;
    };
    await waitFor(isIdle, { within: MINUTE, what: 'The acknowledgement of every stage message' });
  }
}
