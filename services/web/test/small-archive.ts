import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type AppView, type BatchView, type Page, readCell, type StageMark } from '#libs/contracts';

const MEDIA_FOLDER = fileURLToPath(new URL('../../demo-apps/media/', import.meta.url));
const PIPELINE = 'Scripted stages';
/** Suffix of the accessible name of a marked cell. */
const MARK_SUFFIXES: Readonly<Record<StageMark, string>> = {
  warnings: ', with warnings',
  empty: ', nothing found',
  partial: ', partial coverage',
};

/** A Chowda with three sample files and one pipeline, controlled over REST. */
export class SmallArchive {
  /** GUIDs of the files in row order. */
  readonly guids: string[] = [];

  constructor(
    readonly webUrl: string,
    private readonly accessToken: string,
  ) {}

  async loadMedia(): Promise<void> {
    const media = JSON.parse(await readFile(`${MEDIA_FOLDER}media.json`, 'utf8')) as { guid: string; file: string }[];
    for (const { guid, file } of media) {
      await this.send('POST', '/api/media-files', { guid, path: `${MEDIA_FOLDER}${file}` });
      this.guids.push(guid);
    }
  }

  /** Registers an app and returns its slug. */
  async registerApp(url: string): Promise<string> {
    return (await this.json<AppView>('POST', '/api/apps', { url })).slug;
  }

  async areAppsReady(): Promise<boolean> {
    return (await this.json<Page<AppView>>('GET', '/api/apps')).items.every(({ ready }) => ready);
  }

  async createPipeline(apps: readonly string[]): Promise<void> {
    await this.send('POST', '/api/pipelines', { name: PIPELINE, stages: apps.map((app) => ({ app })) });
  }

  createDraft(name: string): Promise<BatchView> {
    return this.json('POST', '/api/batches', { name, pipeline: PIPELINE, files: this.guids, reuse: false });
  }

  async start(batch: number): Promise<void> {
    await this.send('POST', `/api/batches/${batch}/start`, {});
  }

  async hold(batch: number, stage: number, why: string): Promise<void> {
    await this.send('POST', `/api/batches/${batch}/hold`, { stage, why });
  }

  async isFinished(batch: number): Promise<boolean> {
    const { summary } = await this.json<BatchView>('GET', `/api/batches/${batch}`);
    return summary.state === 'finished';
  }

  /** Expected accessible names of the cells of a batch, in row order. */
  async cellNames({ id, summary: { stages } }: BatchView): Promise<string[]> {
    const cells = new Uint8Array(await (await this.send('GET', `/api/batches/${id}/cells`)).arrayBuffer());
    return this.guids.flatMap((guid, row) =>
      stages.map(({ name }, index) => {
        const { state, mark } = readCell(cells[row * stages.length + index]!);
        return `${guid}, ${name}, ${state}${mark ? MARK_SUFFIXES[mark] : ''}`;
      }),
    );
  }

  private async json<Body>(method: string, path: string, body?: object): Promise<Body> {
    return (await (await this.send(method, path, body)).json()) as Body;
  }

  private async send(method: string, path: string, body?: object): Promise<Response> {
    const answer = await fetch(new URL(path, this.webUrl), {
      method,
      headers: { authorization: `Bearer ${this.accessToken}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}
