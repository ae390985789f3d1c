import type { Cells } from '../live-viewer.js';

/** How many cells of a client differ from the database, for each client that does differ. */
export function differingClients(batch: number, database: Cells, clients: readonly Cells[]): string[] {
  return clients.flatMap(({ version, bytes }, nth) => {
    const differing = database.bytes.filter((code, cell) => bytes[cell] !== code).length;
    if (differing === 0 && bytes.length === database.bytes.length) return [];
    return [
      `client ${nth + 1} of batch ${batch} has version ${version} and differs in ${differing} cells from version ` +
        `${database.version} of the database`,
    ];
  });
}
