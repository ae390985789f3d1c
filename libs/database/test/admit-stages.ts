import type { AdmissionRepository, BatchChange, ClaimedRun } from '../src/index.js';

const STAGES = [0, 1, 2];

/** Admits the waiting runs of a batch at each stage, at most `limit` of each; returns what changed. */
export async function admitStages(
  admission: AdmissionRepository,
  batch: number,
  limit: number,
  publish: (runs: ClaimedRun[]) => Promise<void> = async () => {},
): Promise<BatchChange[]> {
  const changes: BatchChange[] = [];
  for (const nextIndex of STAGES)
    changes.push(...(await admission.admit({ id: batch, weight: 100, nextIndex }, limit, publish)));
  return changes;
}
