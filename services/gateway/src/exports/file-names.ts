import type { ExportBatch, ExportRun } from '#libs/database';

/** Letters, digits and what no file system minds. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'pipeline';

/** `news-v2_17`: pipeline, version and batch, without which two batches would overwrite each other's files. */
export const origin = ({ id, pipeline }: ExportBatch): string => `${plain(pipeline.name)}-v${pipeline.version}_${id}`;

/** Names the files of a batch, none twice: neither where capitals count nor where they do not. */
export class FileNames {
  readonly #taken = new Set<string>();
  readonly #origin: string;

  constructor(private readonly batch: ExportBatch) {
    this.#origin = origin(batch);
  }

  /** Begins the files of a run; each run is named once. */
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
