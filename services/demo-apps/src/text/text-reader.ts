import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Worker } from 'tesseract.js';
import { orAborted } from '#libs/clams';
import type { RecognisedParagraph } from './legible-text.js';

const MINUTE = 60_000;
/** Milliseconds an unused engine is kept: it uses about 100 MB and takes 250 ms to load. */
const IDLE = MINUTE;
/** Tesseract's neural engine; the installed language data does not support the older engine. */
const LSTM_ONLY = 1;

const languageFolder = () =>
  join(dirname(createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json')), '4.0.0_best_int');

async function startEngine(): Promise<Worker> {
  const { createWorker } = await import('tesseract.js');
  // Language data and engine are in node_modules, so nothing is downloaded or written to a cache.
  const engine = await createWorker('eng', LSTM_ONLY, { langPath: languageFolder(), gzip: true, cacheMethod: 'none' });
  // Without a resolution, tesseract estimates one and writes the estimate to standard error for every frame.
  await engine.setParameters({ user_defined_dpi: '200' });
  return engine;
}

/**
 * Reads text from images with one tesseract engine.
 *
 * - The first read starts the engine; concurrent reads share it.
 * - After the last read, the engine stops when it has been idle for a minute.
 * - tesseract cannot cancel one image. After an aborted read, the engine is stopped once no other read is in progress.
 * - If the engine fails to start, the next read tries again.
 */
export class TextReader {
  #engine: Promise<Worker> | null = null;
  #reading = 0;
  #idle: NodeJS.Timeout | undefined;

  /** All lines that tesseract recognises in a PNG, by paragraph. Throws the reason of an aborted signal immediately. */
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

  #rest(wasAborted: boolean): void {
    if (wasAborted) void this.close();
    else this.#idle = setTimeout(() => void this.close(), IDLE).unref();
  }

  #started(): Promise<Worker> {
    this.#engine ??= startEngine().catch((error: unknown) => {
      this.#engine = null;
      throw error;
    });
    return this.#engine;
  }

  /** Stops the engine; the next read starts it again. */
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
