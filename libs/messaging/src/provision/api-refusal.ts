import { ProvisionError, StorageRefused } from '../errors.js';

interface ApiError {
  readonly err_code: number;
  readonly description: string;
}

/** The limits of the server, of its account or of its cluster do not leave room for the limit of a stream. */
const NO_ROOM_CODES: readonly number[] = [10002, 10023, 10047];
const NO_ROOM_IN_CLUSTER = /insufficient storage/;

const apiErrorOf = (error: unknown) => (error as { api_error?: ApiError }).api_error;

/** The result of `find`, or null when the server reports with `code` that it does not exist. */
export async function orNull<Found>(code: number, find: () => Promise<Found>): Promise<Found | null> {
  try {
    return await find();
  } catch (error) {
    if (apiErrorOf(error)?.err_code === code) return null;
    throw error;
  }
}

/**
 * Creates or changes a part of the server; a rejection by the server becomes a ProvisionError that names the part, or
 * StorageRefused when the server has no room for it.
 */
export async function make<Made>(what: string, work: () => Promise<Made>): Promise<Made> {
  try {
    return await work();
  } catch (error) {
    const refusal = apiErrorOf(error);
    if (!refusal) throw error;
    const { err_code: code, description } = refusal;
    if (NO_ROOM_CODES.includes(code) || NO_ROOM_IN_CLUSTER.test(description)) {
      throw new StorageRefused(`The NATS server has no room for ${what} (${description}).`, { cause: error });
    }
    throw new ProvisionError(
      `The NATS server rejects ${what} with the settings that Chowda needs (${description}). ` +
        `Remove the conflicting stream or consumer, or point NATS_URL at a dedicated server.`,
      { cause: error },
    );
  }
}
