import type { ExportBatch, ExportRun } from '#libs/database';

/** Text reduced to letters, digits and hyphens, which every file system accepts. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'pipeline';

/** `news-v2_17`: pipeline, version and batch, so that the files of two batches never overwrite each other. */
export const origin = ({ id, pipeline }: ExportBatch): string => `${plain(pipeline.name)}-v${pipeline.version}_${id}`;

/** Names the files of a batch, uniquely even on file systems that ignore case. */
export class FileNames {
  readonly #taken = new Set<string>();
  readonly #origin: string;

  constructor(private readonly batch: ExportBatch) {
    this.#origin = origin(batch);
  }

  /** Returns the function that names the files of a run; call it once for each run. */
  of({ guid, row }: Pick<ExportRun, 'guid' | 'row'>): (stage: number | null, format: string) => string {
    const folded = guid.toLowerCase();
    const stem = this.#taken.has(folded) ? `${guid}~${row}` : guid;
    this.#taken.add(folded);
    return (stage, format) => {
      const ofStage = stage === null ? '' : `_s${stage}-${this.batch.apps[stage]}`;
      return `${stem}_${this.#origin}${ofStage}.${format}`;
    };
  }
}
