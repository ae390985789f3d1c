import type { EntityManager } from 'typeorm';
import type { OperatorVerb } from '#libs/contracts';

/** Changes of definitions, beside what operators ask the scheduler for. */
type DefinitionVerb =
  | 'register-app'
  | 'change-app'
  | 'refresh-app'
  | 'save-pipeline'
  | 'change-pipeline'
  | 'change-retention'
  | 'delete-batch';

/** Who asked for what. */
export interface OperatorCommand {
  readonly verb: OperatorVerb | DefinitionVerb;
  readonly actor: string;
  readonly request: object;
}

/** Keeps a command that has changed something, with what came of it, in the transaction of the change. */
export async function recordAction(
  manager: EntityManager,
  { verb, actor, request }: OperatorCommand,
  outcome: object,
): Promise<void> {
  await manager.query('insert into operator_actions (actor, verb, request, answer) values ($1, $2, $3, $4)', [
    actor,
    verb,
    JSON.stringify(request),
    JSON.stringify(outcome),
  ]);
}
