import { deepStrictEqual } from 'node:assert';
import { createHash } from 'node:crypto';
import { readCell } from '#libs/contracts';
import {
  AdmissionRepository,
  CellsRepository,
  type ClaimedRun,
  LeaderEpoch,
  RecorderRepository,
  RunsRepository,
  type StageChange,
} from '../src/index.js';
import { admitStages } from './admit-stages.js';
import { cellsOf, counters, recount } from './recount.js';
import { stageChange } from '#libs/testing';
import type { TestArchive, TestRun } from './test-archive.js';

const CURSOR = { stream: 'EVENTS', streamCreated: '2026-01-01T00:00:00Z', sequence: 1 };
const OUTPUT = Buffer.from('{"views":[]}');
export const DOCUMENT = {
  sha256: createHash('sha256').update(OUTPUT).digest('hex'),
  bytes: OUTPUT.length,
  encoding: 'identity' as const,
  content: OUTPUT,
};

/** A started batch of two stages; the test plays the scheduler and the workers. */
export class OperatedBatch {
  readonly epoch = new LeaderEpoch();

  private constructor(
    private readonly archive: TestArchive,
    readonly runs: readonly [TestRun, ...TestRun[]],
  ) {}

  static async start(archive: TestArchive, files: number): Promise<OperatedBatch> {
    return new OperatedBatch(archive, await archive.runningBatch({ files }));
  }

  get id(): number {
    return this.runs[0].batch;
  }

  /** Admits up to `limit` waiting runs. */
  async admit(limit = 1000): Promise<ClaimedRun[]> {
    const claimed: ClaimedRun[] = [];
    const admission = new AdmissionRepository(this.archive.dataSource, this.epoch);
    await admitStages(admission, this.id, limit, async (runs) => void claimed.push(...runs));
    return claimed;
  }

  /** Records a change of a row's stage; default: generation 1, settled. */
  record(row: number, index: number, change: Partial<StageChange>) {
    const settled = { rank: 2, settledAt: Date.now() };
    const recorder = new RecorderRepository(this.archive.dataSource, this.epoch);
    return recorder.record([stageChange({ ...this.runs[row]!, index, ...settled, ...change })], [DOCUMENT], CURSOR);
  }

  async done(row: number, index: number, change: Partial<StageChange> = {}): Promise<void> {
    await this.record(row, index, { state: 'done', outcome: 'ok', document: DOCUMENT.sha256, ...change });
  }

  async failed(row: number, index: number, change: Partial<StageChange> = {}): Promise<void> {
    const failure = { outcome: 'invalid-output', fingerprint: 'shots_v1|no codec', sentence: 'No codec.' } as const;
    await this.record(row, index, { state: 'failed', ...failure, ...change });
  }

  async run(row: number) {
    return (await new RunsRepository(this.archive.dataSource).find(this.runs[row]!.run, () => '/document'))!;
  }

  /** The state of a row's run and of its stages. */
  async states(row: number): Promise<string> {
    const { state, stages } = await this.run(row);
    return `${state}: ${stages.map((stage) => stage.state).join(', ')}`;
  }

  /** Row 0 becomes done, row 1 fails at the second stage and row 2 at the first; a fourth file stays waiting. */
  async mix(): Promise<void> {
    await this.admit(3);
    await this.done(0, 0);
    await this.done(0, 1, { outcome: 'empty', mark: 'empty' });
    await this.done(1, 0);
    await this.failed(1, 1);
    await this.failed(2, 0, { fingerprint: 'shots_v1|no sound', sentence: 'No sound.' });
  }

  /** Throws unless every counter of the batch equals a recount, and its grid matches its stages. */
  async checkCounters(): Promise<void> {
    const { dataSource } = this.archive;
    deepStrictEqual(await counters(dataSource, this.id), await recount(dataSource, this.id));
    const { bytes } = (await new CellsRepository(dataSource).snapshot(this.id))!;
    const cells = [...bytes].map((code) => readCell(code)).map(({ state, mark }) => [state, mark ?? null]);
    deepStrictEqual(cells, await cellsOf(dataSource, this.id));
  }
}
