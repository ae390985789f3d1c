import { ProvisionError } from './errors.js';

interface ApiError {
  readonly err_code: number;
  readonly description: string;
}

const apiErrorOf = (error: unknown) => (error as { api_error?: ApiError }).api_error;

/** The answer of `find`, or null when the server says with `code` that it is not there. */
export async function orNull<Found>(code: number, find: () => Promise<Found>): Promise<Found | null> {
  try {
    return await find();
  } catch (error) {
    if (apiErrorOf(error)?.err_code === code) return null;
    throw error;
  }
}

/** Names what the server refuses to make; an error that is no refusal stays as it is. */
export async function make<Made>(what: string, work: () => Promise<Made>): Promise<Made> {
  try {
    return await work();
  } catch (error) {
    const refusal = apiErrorOf(error);
    if (!refusal) throw error;
    throw new ProvisionError(
      `The NATS server does not take ${what} as Chowda needs it (${refusal.description}): ` +
        `remove what is in its way, or point NATS_URL at a server of its own.`,
      { cause: error },
    );
  }
}
