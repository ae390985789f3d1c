import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type AppChanges,
  decodeBody,
  encodeBody,
  type StageEvent,
  jobSubject,
  settledSubject,
  type Slip,
  slipSchema,
  stageFilter,
  startedSubject,
  STREAMS,
} from '#libs/contracts';
import {
  AppsRepository,
  BatchesRepository,
  DatabaseModule,
  MediaFilesRepository,
  PipelinesRepository,
  RunsRepository,
} from '#libs/database';
import { NatsLink, type PackedDocument } from '#libs/messaging';
import { createLogger, type RunningService } from '#libs/runtime';
import {
  createTestDatabase,
  stageEventOf,
  startTestNats,
  type TestDatabase,
  type TestNats,
  type TestNatsOptions,
  waitFor,
} from '#libs/testing';
import { type SchedulerOptions, startScheduler } from '../src/start-scheduler.js';

export const INSTALLATION_OF_OTHERS = 'another-database';
const LOG = createLogger('test', 'silent');

/** A stage message in the stream. */
export interface FoundStage {
  readonly slip: Slip;
  readonly lineageHeader: string | undefined;
  readonly document: Uint8Array;
}

/** A real Postgres and NATS for a scheduler. The test acts as gateway and worker. */
export class SchedulerStage {
  private constructor(
    readonly nats: TestNats,
    readonly database: TestDatabase,
    readonly link: NatsLink,
    private readonly context: INestApplicationContext,
  ) {}

  static async open(options: TestNatsOptions = {}): Promise<SchedulerStage> {
    const [nats, database] = await Promise.all([startTestNats(options), createTestDatabase()]);
    const link = await NatsLink.connect(nats.url, 'test', LOG);
    const module = DatabaseModule.forRoot(database.url, { poolSize: 2 });
    const context = await NestFactory.createApplicationContext(module, { logger: false });
    return new SchedulerStage(nats, database, link, context);
  }

  async close(): Promise<void> {
    await this.link.close();
    await this.context.close();
    await this.nats.stop();
    await this.database.drop();
  }

  /** `ackWait` in seconds. */
  startScheduler({ ackWait = 60, ...options }: SchedulerOptions & { ackWait?: number } = {}): Promise<RunningService> {
    const config = {
      LOG_LEVEL: 'error',
      NATS_URL: this.nats.url,
      DATABASE_URL: this.database.url,
      ACK_WAIT: ackWait,
      NATS_REPLICAS: 1,
    } as const;
    return startScheduler(config, LOG, options);
  }

  get runs(): RunsRepository {
    return this.context.get(RunsRepository);
  }

  /** Registers an app, which need not run while no worker serves it. */
  async registerApp(
    slug: string,
    concurrency: number,
    { url = 'http://127.0.0.1:5000', identifier = `http://apps.clams.ai/${slug}` } = {},
  ): Promise<void> {
    await this.context.get(AppsRepository).register({
      slug,
      name: slug,
      version: 'v1',
      identifier,
      url,
      metadata: { name: slug, identifier, more: { progress: '/progress' } },
      metadataText: '{}',
      metadataSha256: 'e'.repeat(64),
      concurrency,
      deadlineSeconds: 60,
      registeredBy: 'test',
    });
  }

  /** Changes the settings of an app and wakes the scheduler, like the gateway. */
  async changeApp(slug: string, changes: AppChanges): Promise<void> {
    await this.context.get(AppsRepository).change(slug, changes, 'test');
    this.link.wake(jobSubject('apps', 'registered'));
  }

  /** Starts a batch of files through the apps; `prefix` makes the GUIDs of batches unique. */
  async startBatch(prefix: string, files: number, apps: readonly string[]): Promise<number> {
    const id = await this.draftBatch(prefix, files, apps);
    await this.start(id);
    return id;
  }

  async draftBatch(prefix: string, files: number, apps: readonly string[], folder = '/media'): Promise<number> {
    const known = await this.context.get(AppsRepository).bySlugs(apps);
    const stages = apps.map((slug) => ({
      appId: known.get(slug)!.id,
      parameters: { threshold: 0.5 },
      types: { threshold: 'number' },
      mmifVersion: null,
    }));
    await this.context.get(PipelinesRepository).save({
      name: apps.join(' '),
      description: '',
      stages,
      sourceVocabulary: 'old',
      findings: [],
      createdBy: 'test',
    });
    const guids = Array.from({ length: files }, (_, row) => `${prefix}-${row}`);
    for (const guid of guids) {
      const path = `${folder}/${guid}.mp4`;
      await this.context
        .get(MediaFilesRepository)
        .register({ guid, title: guid, path, kind: 'video', registeredBy: 'test' });
    }
    const creation = { name: prefix, pipeline: apps.join(' '), files: guids, createdBy: 'test' };
    const created = await this.context.get(BatchesRepository).create(creation);
    if (created.result !== 'created') throw new Error(created.result);
    return created.id;
  }

  /** Starts a draft and wakes the scheduler, like the gateway. */
  async start(batch: number): Promise<void> {
    await this.context.get(BatchesRepository).start(batch);
    this.link.wake(jobSubject(batch, 'submitted'));
  }

  async isReady(slug: string): Promise<boolean> {
    return (await this.context.get(AppsRepository).bySlugs([slug])).get(slug)?.ready ?? false;
  }

  /** States of a batch's runs, by row. */
  async states(batch: number): Promise<string[]> {
    return ((await this.runs.ofBatch(batch, { after: null, limit: 200 })) ?? []).map(({ state }) => state);
  }

  async run(batch: number, row: number) {
    const rows = await this.runs.ofBatch(batch, { after: null, limit: 200 });
    return (await this.runs.find(rows![row]!.id, (id, index) => `/runs/${id}/${index}`))!;
  }

  /** All stage messages for an app, oldest first. */
  async stages(app: string): Promise<FoundStage[]> {
    const found: FoundStage[] = [];
    for (const message of await this.messages(STREAMS.stages.name, stageFilter(app))) {
      const { head, rest } = decodeBody(message.body);
      found.push({
        slip: slipSchema.parse(head),
        lineageHeader: message.headers.get('Chowda-Lineage'),
        document: rest,
      });
    }
    return found;
  }

  async messages(stream: string, filter: string) {
    const manager = await this.link.connection.jetstreamManager();
    const { state } = await manager.streams.info(stream);
    const found: { subject: string; body: Uint8Array; headers: Map<string, string> }[] = [];
    for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq += 1) {
      const message = await manager.streams.getMessage(stream, { seq }).catch(noneDeleted);
      if (!message?.subject.startsWith(filter.replace(/>$/, ''))) continue;
      const { subject, data, header } = message;
      found.push({ subject, body: data, headers: new Map([...header].map(([name, [value]]) => [name, value ?? ''])) });
    }
    return found;
  }

  /** Waits for the first stage message of a row at an app. */
  untilStage(app: string, batch: number, row: number): Promise<FoundStage> {
    const isWanted = ({ slip }: FoundStage) => slip.batch === batch && slip.row === row;
    return waitFor(async () => (await this.stages(app)).find(isWanted), {
      what: `Row ${row} of batch ${batch} at ${app}`,
    });
  }

  /** Publishes an event like a worker, with the inline output behind it. */
  async report(event: StageEvent, inline?: Uint8Array): Promise<void> {
    const subject = event.kind === 'started' ? startedSubject(event) : settledSubject(event);
    await this.link.publisher.publish(subject, encodeBody(event, inline));
  }
}

function noneDeleted(error: unknown): null {
  if ((error as Error).message === 'no message found') return null;
  throw error;
}

/** An event of a worker; with `output`, the stage is done and the event carries its packed output. */
export const eventOf = (slip: Slip, change: Partial<StageEvent>, output?: PackedDocument): StageEvent =>
  stageEventOf(slip, { ...(output ? { kind: 'done', outcome: 'ok', document: output.ref } : {}), ...change });
