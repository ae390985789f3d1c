import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Worker } from 'tesseract.js';
import { orAborted } from '#libs/clams';
import type { RecognisedParagraph } from './legible-text.js';

const MINUTE = 60_000;
/** How long an unused engine is kept: it holds about 100 MB and takes a quarter of a second to load. */
const IDLE = MINUTE;
/** Tesseract's neural engine; the language data beside holds nothing for the older one. */
const LSTM_ONLY = 1;

const languageFolder = () =>
  join(dirname(createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json')), '4.0.0_best_int');

async function startEngine(): Promise<Worker> {
  const { createWorker } = await import('tesseract.js');
  // Language data and engine lie in node_modules: nothing is fetched, and nothing is written to a cache.
  const engine = await createWorker('eng', LSTM_ONLY, { langPath: languageFolder(), gzip: true, cacheMethod: 'none' });
  // Without a resolution tesseract guesses one and writes its guess to standard error for every frame.
  await engine.setParameters({ user_defined_dpi: '200' });
  return engine;
}

/** Reads text from pictures with one tesseract engine, started at the first picture and stopped when unused. */
export class TextReader {
  #engine: Promise<Worker> | null = null;
  #reading = 0;
  #idle: NodeJS.Timeout | undefined;

  /**
   * Lines that tesseract recognises in a PNG, good and bad, paragraph by paragraph. Throws the reason of an aborted
   * signal at once.
   */
  async read(png: Buffer, signal: AbortSignal): Promise<RecognisedParagraph[]> {
    signal.throwIfAborted();
    clearTimeout(this.#idle);
    this.#reading += 1;
    try {
      return await orAborted(this.#recognise(png), signal);
    } finally {
      this.#reading -= 1;
      if (this.#reading === 0) this.#rest(signal.aborted);
    }
  }

  async #recognise(png: Buffer): Promise<RecognisedParagraph[]> {
    const engine = await this.#started();
    const { data } = await engine.recognize(png, {}, { text: false, blocks: true });
    return (data.blocks ?? []).flatMap((block) => block.paragraphs);
  }

  /** Nobody reads any more. A picture cannot be given up alone, so the engine goes with an abandoned one. */
  #rest(isAbandoned: boolean): void {
    if (isAbandoned) void this.close();
    else this.#idle = setTimeout(() => void this.close(), IDLE).unref();
  }

  /** The running engine; one that failed to start is forgotten, so that the next picture tries again. */
  #started(): Promise<Worker> {
    this.#engine ??= startEngine().catch((error: unknown) => {
      this.#engine = null;
      throw error;
    });
    return this.#engine;
  }

  /** Stops the engine; the next picture starts it again. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const engine = this.#engine;
    this.#engine = null;
    await engine?.then(
      (worker) => worker.terminate(),
      () => undefined,
    );
  }
}
