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
import { obtainNatsServer, repositoryRoot, type ServiceName, startNodeService, Supervisor } from '#deploy/local';
import { ChaosStack } from '../src/chaos-stack.js';
import { auditCounters } from '../src/check/audit-counters.js';
import { addMediaFiles, createBatch, savePipeline } from '../src/definitions.js';
import { History } from '../src/history.js';
import { LiveViewer, readCells } from '../src/live-viewer.js';

const MINUTE = 60_000;
/** Seconds; after three times that a sweeper may believe that nobody holds what a dead worker held. */
const ACK_WAIT = 5;

/** What became of a batch. */
export interface Outcome {
  readonly rows: readonly RunRow[];
  /** Settlements of each stage, by `<row>/<index>`. */
  readonly settlements: ReadonlyMap<string, number>;
}

/** Servers, gateway and notifier, around workers and schedulers that a test starts and has killed. */
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

  /** Starts a worker or scheduler that is kept running until the returned supervisor is stopped. */
  async keep(kind: ServiceName, name: string, more: Readonly<Record<string, string>> = {}): Promise<Supervisor> {
    const supervisor = new Supervisor(() => undefined);
    const service = this.stack.service(kind, name, more);
    await supervisor.keep({ name, start: () => startNodeService(service) });
    return supervisor;
  }

  /** The same with one that is killed at each of some steps, once. */
  async keepDying(
    kind: 'worker' | 'scheduler',
    {
      name,
      steps,
      apps = [],
    }: { readonly name: string; readonly steps: readonly string[]; readonly apps?: readonly string[] },
  ): Promise<Supervisor> {
    const supervisor = new Supervisor(() => undefined);
    const own: Record<string, string> = kind === 'worker' ? { WORKER_APPS: apps.join(','), WORKER_ID: name } : {};
    const variables = { DIE_AT: steps.join(','), DIE_MARKER: this.marker(name), ...own };
    const script = join(repositoryRoot, 'dist', 'deploy', 'chaos', 'src', 'processes', `dying-${kind}.js`);
    const service = { ...this.stack.service(kind, name, variables), script };
    await supervisor.keep({ name, start: () => startNodeService(service) });
    return supervisor;
  }

  wasKilled(name: string, step: string): boolean {
    return existsSync(`${this.marker(name)}${step}`);
  }

  /** Registers scripted apps and a pipeline through all of them. */
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

  /** A pipeline through apps of another one and one more. */
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

  /** A batch of new files that is ready to be started. */
  async createBatch(pipeline: string, count: number): Promise<number> {
    const { api, mediaFolder } = this.stack;
    this.batches += 1;
    this.newest = await addMediaFiles(api, mediaFolder, { prefix: `tape-${this.batches}-`, count });
    return (await createBatch(api, pipeline, this.newest)).id;
  }

  /** A batch of the files of the newest one, which takes over what their runs have come to. */
  async createReusingBatch(pipeline: string): Promise<number> {
    return (await createBatch(this.stack.api, pipeline, this.newest, { reuse: true })).id;
  }

  start(batch: number): Promise<void> {
    return this.stack.api.command(`/api/batches/${batch}/start`);
  }

  /**
   * Gives a command with a key, hears nothing of it because `isGone` comes true, and gives it again with its key until it
   * is answered.
   */
  async insist(path: string, isGone: () => boolean): Promise<{ answer: CommandAnswer; isReplayed: boolean }> {
    const { webUrl, accessToken } = this.stack;
    const headers = {
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    };
    const send = (signal: AbortSignal) =>
      fetch(new URL(path, webUrl), { method: 'POST', headers, body: '{}', signal }).catch(() => null);
    const impatience = new AbortController();
    const unheard = send(impatience.signal);
    await waitFor(isGone, { within: MINUTE, what: `The end of whoever was asked for ${path}` });
    impatience.abort();
    if (await unheard) throw new Error(`${path} was answered, although nobody was left to answer.`);
    const within = AbortSignal.timeout(MINUTE);
    const heard = async () => {
      const answer = await send(within);
      return answer?.ok ? answer : undefined;
    };
    const answer = await waitFor(heard, { within: MINUTE, what: `An answer to ${path}` });
    const isReplayed = answer.headers.get('idempotency-replayed') === 'true';
    return { answer: commandAnswerSchema.parse(await answer.json()), isReplayed };
  }

  /** A browser that looks at a batch from now on. */
  watch(batch: number, stages: number): LiveViewer {
    const { webUrl, accessToken } = this.stack;
    const viewer = new LiveViewer({ webUrl, accessToken, batch, stages });
    this.viewers.push(viewer);
    return viewer;
  }

  /** Waits until a browser shows what the database says. */
  async untilSeen(viewer: LiveViewer, batch: number): Promise<void> {
    const { webUrl, accessToken } = this.stack;
    const database = await readCells({ webUrl, accessToken, batch });
    const isSeen = () => Buffer.from(viewer.cells.bytes).equals(database.bytes);
    await waitFor(isSeen, { within: MINUTE / 2, what: 'The last change at the live client' });
  }

  /** Counters that are not what their rows say. */
  disagreements(): Promise<string[]> {
    return auditCounters(this.stack.link);
  }

  async untilFinished(batch: number): Promise<void> {
    const { api } = this.stack;
    const isFinished = async () => (await api.get(`/api/batches/${batch}`, batchSchema)).summary.state === 'finished';
    await waitFor(isFinished, { within: MINUTE, what: `The end of batch ${batch}` });
  }

  /** Deletes the event log, after reading all of it. */
  async loseEvents(): Promise<void> {
    await this.history.catchUp('EVENTS');
    await (await this.stack.link.connection.jetstreamManager()).streams.delete(STREAMS.events.name);
  }

  /** Waits for the end of a batch and of its last message, and tells what became of it. */
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
