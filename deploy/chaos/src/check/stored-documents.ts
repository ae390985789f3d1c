import type { RecordedCall } from '../chaos-apps.js';
import { stageName } from './stage-name.js';

/** A stage in the database after the end. */
export interface StoredStage {
  readonly run: number;
  readonly guid: string;
  readonly index: number;
  readonly state: string;
  /** SHA-256 in its row; null without a document. */
  readonly named: string | null;
  /** SHA-256 of the bytes that the archive returns for it. */
  readonly read: string | null;
}

/** Done stages whose archived document is missing, damaged, or not one of the app's answers for the file. */
export function wrongDocuments(stages: readonly StoredStage[], calls: readonly RecordedCall[]): string[] {
  const answers = new Map<string, Set<string>>();
  for (const { guid, index, answer } of calls) {
    const key = `${guid}/${index}`;
    if (answer !== undefined) answers.set(key, (answers.get(key) ?? new Set()).add(answer));
  }
  return stages.flatMap((stage) => {
    if (stage.state !== 'done') return [];
    if (stage.named === null || stage.read !== stage.named) {
      return [`${stageName(stage)} names document ${stage.named}, but the archive returns ${stage.read}`];
    }
    const isAnswer = answers.get(`${stage.guid}/${stage.index}`)?.has(stage.named) ?? false;
    return isAnswer ? [] : [`${stageName(stage)} has document ${stage.named}, which its app never returned`];
  });
}
