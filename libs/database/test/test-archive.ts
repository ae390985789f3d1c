import { DataSource } from 'typeorm';
import { createTestDatabase } from '#libs/testing';
import { dataSourceOptions } from '../src/data-source.js';
import { AppsRepository, BatchesRepository, MediaFilesRepository, PipelinesRepository } from '../src/index.js';

/** A run of a batch as the scheduler and the worker know it. */
export interface TestRun {
  readonly batch: number;
  readonly run: number;
  readonly row: number;
}

/** A database of its own with a few media files, an app and pipelines of any number of stages. */
export class TestArchive {
  private constructor(
    readonly dataSource: DataSource,
    readonly url: string,
    private readonly drop: () => Promise<void>,
    private readonly appId: number,
  ) {}

  static async open(): Promise<TestArchive> {
    const database = await createTestDatabase();
    const dataSource = await new DataSource(dataSourceOptions(database.url, { poolSize: 4 })).initialize();
    const appId = await registerApp(dataSource);
    return new TestArchive(dataSource, database.url, () => database.drop(), appId);
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
    await this.drop();
  }

  /** Registers media files and returns their GUIDs. */
  async mediaFiles(count: number): Promise<string[]> {
    const guids = Array.from({ length: count }, (_, row) => `cpb-aacip-${row}`);
    const repository = new MediaFilesRepository(this.dataSource);
    await Promise.all(
      guids.map((guid) =>
        repository.register({
          guid,
          title: `Tape ${guid}`,
          path: `/media/${guid}.mp4`,
          kind: 'video',
          registeredBy: 'kc',
        }),
      ),
    );
    return guids;
  }

  /** A started batch of `files` media files through `stages` stages; its runs wait. */
  async runningBatch({ files, stages = 2 }: { files: number; stages?: number }): Promise<[TestRun, ...TestRun[]]> {
    const { id } = await this.draft({ files, stages });
    await new BatchesRepository(this.dataSource).start(id);
    return this.runsOf(id);
  }

  /** A batch that is not started. */
  async draft({ files, stages = 2 }: { files: number; stages?: number }): Promise<{ id: number }> {
    const pipeline = `${stages} stages`;
    await new PipelinesRepository(this.dataSource).save({
      name: pipeline,
      description: '',
      stages: Array.from({ length: stages }, () => ({
        appId: this.appId,
        parameters: {},
        types: {},
        mmifVersion: null,
      })),
      sourceVocabulary: 'old',
      findings: [],
      createdBy: 'test',
    });
    const creation = await new BatchesRepository(this.dataSource).create({
      name: 'Evening news',
      pipeline,
      files: await this.mediaFiles(files),
      createdBy: 'test',
    });
    if (creation.result !== 'created') throw new Error(creation.result);
    return creation;
  }

  private async runsOf(batch: number): Promise<[TestRun, ...TestRun[]]> {
    const rows = await this.dataSource.query<{ run: string; row: number }[]>(
      'select id as run, row from runs where batch_id = $1 order by row',
      [batch],
    );
    const [first, ...others] = rows.map(({ run, row }) => ({ batch, run: Number(run), row }));
    return [first!, ...others];
  }
}

async function registerApp(dataSource: DataSource): Promise<number> {
  const registration = await new AppsRepository(dataSource).register({
    slug: 'shots_v1',
    name: 'Shots',
    version: 'v1',
    identifier: 'http://apps.clams.ai/shots/v1',
    url: 'http://127.0.0.1:5000',
    metadata: { name: 'Shots', parameters: [] },
    metadataText: '{}',
    metadataSha256: 'e'.repeat(64),
    concurrency: 1,
    deadlineSeconds: 60,
    registeredBy: 'test',
  });
  if (registration.result === 'elsewhere') throw new Error(registration.url);
  return registration.app.id;
}
