import type { RouteStage } from '#libs/contracts';

/** Size of a slip without its route: IDs, GUID, digest, trace. */
const SLIP_HEAD_BYTES = 2048;

/** Maximum size of a slip with this route, in bytes. */
export const slipBytes = (route: readonly RouteStage[]): number =>
  SLIP_HEAD_BYTES + Buffer.byteLength(JSON.stringify(route));
