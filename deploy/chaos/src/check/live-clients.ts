import type { Cells } from '../live-viewer.js';

/** One sentence for each client that differs from the database, with the number of differing cells. */
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
