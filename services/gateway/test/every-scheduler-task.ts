import { DataSource } from 'typeorm';
import {
  AdmissionRepository,
  AppBreakersRepository,
  AppDurationsRepository,
  AuditRepository,
  BatchOrdersRepository,
  BatchPacesRepository,
  CancelRepository,
  DeletionRepository,
  DocumentSweepRepository,
  ExplainRepository,
  LeaderEpoch,
  PauseRepository,
  RecorderRepository,
  ReplayRepository,
  RetentionRepository,
  RetentionSweepRepository,
  ReuseRepository,
  RunSweepRepository,
  type StageChange,
  StreamPositionsRepository,
  SweepRepository,
} from '#libs/database';
import type { Landmarks } from './every-request.js';
import { FIRST_STAGE } from './recorded-stage.js';

const SOME = 50;
const command = { actor: 'test', verb: 'test', request: {} } as unknown as Parameters<CancelRepository['cancel']>[1];
const [preview, execute] = [{ dryRun: true }, { dryRun: false }];

/** Runs every periodic task of the scheduler and every operator command once. */
export async function runEverySchedulerTask(dataSource: DataSource, landmarks: Landmarks): Promise<void> {
  const epoch = new LeaderEpoch();
  await admitAndRecord(dataSource, epoch, landmarks);
  await heal(dataSource, epoch, landmarks);
  await operate(dataSource, epoch, landmarks);
  await removeDocuments(dataSource, epoch, landmarks);
}

async function admitAndRecord(dataSource: DataSource, epoch: LeaderEpoch, { batch, done }: Landmarks): Promise<void> {
  const admission = new AdmissionRepository(dataSource, epoch);
  await admission.waitingBatches(SOME);
  await admission.runsInProgress();
  const durations = new AppDurationsRepository(dataSource, epoch);
  await durations.store(await durations.all());
  await new ReuseRepository(dataSource, epoch).decide(batch, SOME);
  await admission.admit({ id: batch, weight: 100, nextIndex: 0 }, SOME, () => Promise.resolve());
  const [run] = await dataSource.query<[{ row: number; stages: number }]>(
    `select r.row, count(*)::int as stages from runs r join batches b on b.id = r.batch_id
       join pipeline_stages p on p.version_id = b.pipeline_version_id where r.id = $1 group by r.id`,
    [done],
  );
  const change = { ...NEW_ATTEMPT, batch, run: done, ...run };
  const cursor = { stream: 'EVENTS', streamCreated: '2026-01-01T00:00:00Z', sequence: 1 };
  const content = Buffer.from('{}');
  const document = { sha256: 'a'.repeat(64), bytes: 2, encoding: 'identity', content } as const;
  const recorder = new RecorderRepository(dataSource, epoch);
  await recorder.record([{ ...change, document: document.sha256 }], [document], cursor);
  await recorder.record([{ ...change, ...FAILED }], [], { ...cursor, sequence: 2 });
}

async function heal(dataSource: DataSource, epoch: LeaderEpoch, { app }: Landmarks): Promise<void> {
  const sweep = new SweepRepository(dataSource, epoch);
  const lost = (await sweep.unsettled()).slice(0, SOME);
  await sweep.returnToWaiting(lost.map(({ run, index, generation }) => ({ run, index, generation })));
  const breakers = new AppBreakersRepository(dataSource, epoch);
  await breakers.all();
  const pause = { cause: 'failing', since: Date.now(), fingerprint: 'test', trips: 1, probeAt: Date.now() } as const;
  await breakers.pause(app, { ...pause, why: 'Test.' });
  await breakers.probe(app);
  await breakers.resume(app);
  await new StreamPositionsRepository(dataSource, epoch).all();
  await new BatchPacesRepository(dataSource, epoch).sample();
  await new BatchOrdersRepository(dataSource).orders(60);
}

async function operate(dataSource: DataSource, epoch: LeaderEpoch, landmarks: Landmarks): Promise<void> {
  const { app, batch, done, failed, fingerprint } = landmarks;
  const replay = new ReplayRepository(dataSource, epoch);
  const ofBatch = { batch, runs: 'failed', stage: null, fingerprint: null, app: null } as const;
  await replay.replay({ run: failed, stage: null }, command, preview);
  await replay.replay({ ...ofBatch, app }, command, preview);
  await replay.replay({ failedAt: [{ run: failed, index: 1 }] }, command, execute);
  await replay.replay({ ...ofBatch, fingerprint }, command, execute);
  const explain = new ExplainRepository(dataSource);
  await explain.run(done);
  await explain.batch(batch);
  await explain.app(app);
  const audit = new AuditRepository(dataSource, epoch);
  await audit.audit(batch);
  await audit.repair(batch, command);
  const pause = new PauseRepository(dataSource, epoch);
  await pause.batch(batch, command, { paused: true, dryRun: false });
  await pause.batch(batch, command, { paused: false, dryRun: false });
  const cancel = new CancelRepository(dataSource, epoch);
  await cancel.cancelRun(failed, command, execute);
  await cancel.cancel(batch, command, execute);
  await cancel.cancelling();
  await cancel.cancelSlice(batch, SOME);
}

/** The batch was cancelled before. */
async function removeDocuments(dataSource: DataSource, epoch: LeaderEpoch, { batch }: Landmarks): Promise<void> {
  await dataSource.query(`update batches set state = 'finished', finished_at = now() where id = $1`, [batch]);
  await new RetentionRepository(dataSource).finished();
  await new RetentionSweepRepository(dataSource, epoch).remove({ batch, keep: 'final', after: -1, runs: SOME });
  await new DeletionRepository(dataSource).delete(batch, 'test');
  await new RunSweepRepository(dataSource, epoch).sweep(SOME);
  await dataSource.query('update document_sweep set wanted = true');
  await new DocumentSweepRepository(dataSource, epoch).sweep(SOME);
}

const NEW_ATTEMPT: Omit<StageChange, 'batch' | 'run' | 'row' | 'stages'> = {
  ...FIRST_STAGE,
  app: 'app-0_v1',
  httpStatus: 200,
  generation: 2,
  worker: 'worker-1',
  queuedAt: 1,
  startedAt: 1,
  settledAt: 2,
};
const FAILED = {
  index: 1,
  app: 'app-1_v1',
  state: 'failed',
  outcome: 'app-error',
  sentence: 'No frames.',
  fingerprint: 'test',
} as const;
