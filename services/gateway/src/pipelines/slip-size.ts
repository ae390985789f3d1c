import type { RouteStage } from '#libs/contracts';

/** Room for everything in a slip besides its route: ids, GUID, digest, trace. */
const SLIP_HEAD_BYTES = 2048;

/** How long the slip of a run along this route can get, in bytes. */
export const slipBytes = (route: readonly RouteStage[]): number =>
  SLIP_HEAD_BYTES + Buffer.byteLength(JSON.stringify(route));
