/** Takes back what its transaction has done, because the command is refused. */
class Refused<Outcome> extends Error {
  override readonly name = 'Refused';

  constructor(readonly outcome: Outcome) {
    super('The command is refused.');
  }
}

/** Ends a transaction that `refusable` runs, with nothing changed. */
export const refuse = <Outcome>(outcome: Outcome): never => {
  throw new Refused(outcome);
};

/** What a transaction comes to, also when it was refused. */
export async function refusable<Outcome>(transaction: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await transaction();
  } catch (error) {
    if (error instanceof Refused) return error.outcome as Outcome;
    throw error;
  }
}
