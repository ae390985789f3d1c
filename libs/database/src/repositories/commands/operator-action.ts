import type { EntityManager } from 'typeorm';
import type { OperatorVerb } from '#libs/contracts';

/** Verbs of users, in addition to the operator verbs of the scheduler. */
type ChangeVerb =
  | 'import-files'
  | 'register-file'
  | 'change-file'
  | 'create-collection'
  | 'change-collection'
  | 'change-collection-files'
  | 'delete-collection'
  | 'register-app'
  | 'change-app'
  | 'refresh-app'
  | 'save-pipeline'
  | 'change-pipeline'
  | 'create-batch'
  | 'change-batch'
  | 'change-batch-files'
  | 'give-input'
  | 'take-back-input'
  | 'start-batch'
  | 'change-retention'
  | 'delete-batch'
  /** A stage message that was published again on its subject, not through Chowda. */
  | 'raw-replay';

/** Stands for the user where none was recorded. */
export const UNKNOWN_ACTOR = 'an unknown user';

/** A command with its actor. */
export interface OperatorCommand {
  readonly verb: OperatorVerb | ChangeVerb;
  readonly actor: string;
  readonly request: object;
}

/** Records a command that changed something, with its result and its batches, in the transaction of the change. */
export async function recordAction(
  manager: EntityManager,
  { verb, actor, request }: OperatorCommand,
  outcome: object,
  batches: readonly number[] = [],
): Promise<void> {
  await manager.query(
    'insert into operator_actions (actor, verb, request, answer, batches) values ($1, $2, $3, $4, $5)',
    [actor, verb, JSON.stringify(request), JSON.stringify(outcome), batches],
  );
}
