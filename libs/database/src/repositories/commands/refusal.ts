/** Rolls back a transaction whose command is refused. */
class Refused<Outcome> extends Error {
  override readonly name = 'Refused';

  constructor(readonly outcome: Outcome) {
    super('The command was refused; its transaction is rolled back.');
  }
}

/** Rolls back the transaction inside `refusable` and sets its outcome. */
export const refuse = <Outcome>(outcome: Outcome): never => {
  throw new Refused(outcome);
};

/** The outcome of a transaction, whether it was committed or refused. */
export async function refusable<Outcome>(transaction: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await transaction();
  } catch (error) {
    if (error instanceof Refused) return error.outcome as Outcome;
    throw error;
  }
}
