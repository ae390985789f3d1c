import { AppUnderTest, type ServedApp } from './app-under-test.js';
import type { Generation } from './generations.js';

/** A generation of apps, with its running apps. */
export class Subject {
  #app: AppUnderTest | undefined;
  readonly #served: ServedApp[] = [];

  constructor(
    readonly generation: Generation,
    /** Versions of the SDK and its server, for test titles. */
    readonly versions: string,
    private readonly start: (args: readonly string[]) => Promise<ServedApp>,
  ) {}

  /** Starts the app that all tests share. */
  async begin(...args: string[]): Promise<void> {
    this.#app = await AppUnderTest.of(this.generation, await this.serve(...args));
  }

  /** The app that all tests share. */
  app(): AppUnderTest {
    if (!this.#app) throw new Error(`The app of ${this.generation.name} is not running.`);
    return this.#app;
  }

  /** Starts another app, which `end` stops as well. */
  async serve(...args: string[]): Promise<ServedApp> {
    const served = await this.start(args);
    this.#served.push(served);
    return served;
  }

  async end(): Promise<void> {
    await Promise.all(this.#served.map((served) => served.stop()));
  }
}
