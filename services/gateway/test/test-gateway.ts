import 'reflect-metadata';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { fetchAppMetadata } from '#libs/clams';
import type { AppView, BatchView } from '#libs/contracts';
import { AppsRepository, DatabaseModule, RegistryRepository } from '#libs/database';
import { SchedulerUnavailable } from '#libs/messaging';
import { createLogger } from '#libs/runtime';
import { createTestDatabase, type ScriptedApp, startScriptedApp, type TestDatabase, testFolder } from '#libs/testing';
import type { GatewayConfig } from '../src/gateway.config.js';
import { GatewayModule } from '../src/gateway.module.js';
import { HTTP_OPTIONS, prepareHttp } from '../src/prepare-http.js';
import type { SchedulerClient } from '../src/ports.js';
import { HttpClient } from './http-client.js';

export const ACCESS_TOKEN = 'integration-'.repeat(4);
export const SIGN_IN_CODE = 'open-sesame-'.repeat(2);
/** First bytes of an MP4 file. */
export const MP4_HEAD = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom\0\0\0\0isomiso2')]);

/** An app, a pipeline that calls it in every stage, and media files. */
export interface PreparedPipeline {
  /** Name of the app. Default: `shots`. */
  readonly app?: string;
  /** Name of the pipeline. Default: the name of the app. */
  readonly pipeline?: string;
  readonly stages: number;
  /** GUIDs of the media files to register. Default: none. */
  readonly files?: readonly string[];
}

/** A gateway with its own database, reached over real HTTP. Wake-ups are recorded instead of published. */
export class TestGateway {
  private readonly scriptedApps: ScriptedApp[] = [];

  private constructor(
    readonly app: NestExpressApplication,
    /** Sends the access token. */
    readonly client: HttpClient,
    readonly anonymous: HttpClient,
    /** The allowed media folder; its parent is not allowed. */
    readonly mediaFolder: string,
    /** Subjects of all recorded wake-ups. */
    readonly wakeUps: string[],
    /** Whether the gateway seems to be connected to NATS. */
    readonly broker: { isConnected: boolean },
    private readonly database: TestDatabase,
  ) {}

  /** `scheduler`: answers operator requests; by default, none is running. `database`: by default a new one. */
  static async start(
    change: Partial<GatewayConfig> = {},
    scheduler: SchedulerClient = {
      ask: () => Promise.reject(new SchedulerUnavailable('No scheduler is running.')),
    },
    database?: TestDatabase,
  ): Promise<TestGateway> {
    database ??= await createTestDatabase();
    const folder = await realpath(await testFolder('gateway'));
    const mediaFolder = join(folder, 'media');
    await mkdir(mediaFolder);
    const config: GatewayConfig = {
      LOG_LEVEL: 'error',
      NATS_URL: 'nats://unused',
      DATABASE_URL: database.url,
      ACCESS_TOKEN,
      SIGN_IN_CODE,
      HOST: '127.0.0.1',
      PORT: 0,
      ALLOWED_HOSTS: ['Chowda.Example.org'],
      MEDIA_FOLDERS: [mediaFolder],
      APP_HOSTS: ['127.0.0.1'],
      LIVE_URL: 'http://127.0.0.1:9',
      COMMANDS_PER_MINUTE: 1_000_000,
      WEB_FOLDER: join(folder, 'web'),
      ...change,
    };
    const wakeUps: string[] = [];
    const broker = { isConnected: true };
    const edges = {
      database: DatabaseModule.forRoot(database.url, { poolSize: 5 }),
      wakeUps: { wake: (subject: string) => void wakeUps.push(subject), isConnected: () => broker.isConnected },
      appMetadata: { fetch: fetchAppMetadata },
      scheduler,
    };
    const module = await Test.createTestingModule({ imports: [GatewayModule.with(config, edges)] }).compile();
    const app = module.createNestApplication<NestExpressApplication>({ ...HTTP_OPTIONS, logger: false });
    prepareHttp(app, config, createLogger('gateway', 'silent'));
    await app.listen(config.PORT, config.HOST);
    const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
    const client = new HttpClient(url, { authorization: `Bearer ${ACCESS_TOKEN}` });
    return new TestGateway(app, client, client.with({}), mediaFolder, wakeUps, broker, database);
  }

  /** Starts another gateway with the same database; close it before this one. */
  another(): Promise<TestGateway> {
    return TestGateway.start({}, undefined, { url: this.database.url, drop: () => Promise.resolve() });
  }

  get url(): string {
    return this.client.url;
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  dropDatabase(): Promise<void> {
    return this.database.drop();
  }

  async close(): Promise<void> {
    await this.app.close();
    await Promise.all(this.scriptedApps.map((app) => app.close()));
    await this.dropDatabase();
  }

  /** Creates and registers a small video file for each GUID. */
  async mediaFiles(guids: readonly string[]): Promise<void> {
    for (const guid of guids) {
      const path = join(this.mediaFolder, `${guid}.mp4`);
      await writeFile(path, MP4_HEAD);
      await this.expect(this.client.post('/api/media-files', { guid, path }));
    }
  }

  /** Starts a scripted app, prepares a pipeline of it and registers media files; returns the slug of the app. */
  async prepare({ app: name = 'shots', pipeline = name, stages, files = [] }: PreparedPipeline): Promise<string> {
    const scripted = await startScriptedApp({ name });
    this.scriptedApps.push(scripted);
    const app = await this.readyApp(scripted.url);
    const body = { name: pipeline, stages: Array.from({ length: stages }, () => ({ app })) };
    await this.expect(this.client.post('/api/pipelines', body));
    await this.mediaFiles(files);
    return app;
  }

  /** Registers a running app and marks it as ready, as the scheduler does; returns its slug. */
  async readyApp(url: string): Promise<string> {
    const { id, slug } = (await this.expect(this.client.post('/api/apps', { url }))) as AppView;
    await this.app.get(RegistryRepository, { strict: false }).markReady(id);
    const known = await this.app.get(AppsRepository, { strict: false }).bySlugs([slug]);
    if (!known.get(slug)?.ready) throw new Error(`${slug} is not ready`);
    return slug;
  }

  /** Creates a draft over REST. */
  async draft(pipeline: string, files: readonly string[]): Promise<BatchView> {
    return (await this.expect(
      this.client.post('/api/batches', { name: 'Evening news', pipeline, files }),
    )) as BatchView;
  }

  /** Queries the database of the gateway. */
  query<Row extends object>(statement: string, parameters: readonly unknown[] = []): Promise<[Row, ...Row[]]> {
    return this.app.get(DataSource, { strict: false }).query(statement, [...parameters]);
  }

  private async expect(sending: ReturnType<HttpClient['post']>): Promise<unknown> {
    const { status, body } = await sending;
    if (status >= 300) throw new Error(JSON.stringify(body));
    return body;
  }
}
