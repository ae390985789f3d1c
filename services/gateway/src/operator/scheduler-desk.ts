import type { OperatorAnswer, OperatorRequest, OperatorVerb } from '#libs/contracts';

/** Where the active scheduler is asked; rejects with OperatorRefusal and SchedulerUnavailable of `#libs/messaging`. */
export abstract class SchedulerDesk {
  abstract ask<Verb extends OperatorVerb>(
    verb: Verb,
    request: Partial<OperatorRequest<Verb>>,
  ): Promise<OperatorAnswer<Verb>>;
}
