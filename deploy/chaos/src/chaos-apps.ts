import { sha256 } from '#libs/messaging';
import { type AppCall, type Reaction, type ScriptedApp, startScriptedApp } from '#libs/testing';
import { randomFor } from './seeded-random.js';

/** Names of the apps, in the order of the stages. */
export const APP_NAMES = ['first', 'second', 'third'] as const;

const FASTEST_MS = 20;
const SLOWEST_MS = 200;
/** Shares of files and stages whose first call fails; Chowda retries all of them automatically. */
const ERRORS = 0.02;
const BROKEN_CONNECTIONS = 0.02;
const BAD_GATEWAYS = 0.02;
/** Share of files whose documents are too large for a stage message. */
const LARGE = 0.03;
const LARGE_BYTES = 80_000;

/** One call of an app. */
export interface RecordedCall {
  readonly guid: string;
  /** Stage, from 0. */
  readonly index: number;
  /** Unix time in ms. */
  readonly at: number;
  /** SHA-256 of the input document. */
  readonly input: string;
  /** SHA-256 of the answer; undefined before the answer and for a failure. */
  answer?: string;
}

/** The reaction of an app to a call: determined by seed, file, stage and attempt; every attempt has different bytes. */
export function reactionOf(
  seed: number,
  index: number,
  { guid, attempt }: Pick<AppCall, 'guid' | 'attempt'>,
): Reaction {
  const random = randomFor(seed, `${guid}/${index}`);
  const slowMs = random.between(FASTEST_MS, SLOWEST_MS);
  const isLarge = index === 0 && random.next() < LARGE;
  const luck = random.next();
  if (attempt === 1) {
    if (luck < ERRORS) return { kind: 'error-view', message: 'temporary' };
    if (luck < ERRORS + BROKEN_CONNECTIONS) return { kind: 'close' };
    if (luck < ERRORS + BROKEN_CONNECTIONS + BAD_GATEWAYS) return { kind: 'html' };
  }
  return { kind: 'ok', slowMs, annotations: attempt, ...(isLarge ? { padBytes: LARGE_BYTES } : {}) };
}

/** The apps of the pipeline. They run in this process, which is never killed, and record every call. */
export class ChaosApps {
  readonly calls: RecordedCall[] = [];
  private readonly recorded = new Map<AppCall, RecordedCall>();

  private constructor(private readonly apps: ScriptedApp[]) {}

  static async start(seed: number): Promise<ChaosApps> {
    const apps: ScriptedApp[] = [];
    const all = new ChaosApps(apps);
    for (const [index, name] of APP_NAMES.entries()) {
      const script = (call: AppCall) => {
        all.record(index, call);
        return reactionOf(seed, index, call);
      };
      apps.push(await startScriptedApp({ name, script, onAnswer: (call, body) => all.answered(call, body) }));
    }
    return all;
  }

  get urls(): string[] {
    return this.apps.map(({ url }) => url);
  }

  async close(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.close()));
  }

  private record(index: number, call: AppCall): void {
    const recorded = { guid: call.guid, index, at: call.at, input: sha256(call.document) };
    this.recorded.set(call, recorded);
    this.calls.push(recorded);
  }

  private answered(call: AppCall, body: string): void {
    this.recorded.get(call)!.answer = sha256(Buffer.from(body));
  }
}
