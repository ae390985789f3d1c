import { LOOPBACK } from './free-port.js';
import { compareVersions, type Version } from './version.js';

/** `sync_interval` came with this release. */
const SYNC_INTERVAL_SINCE: Version = [2, 10, 0];

export interface NatsConfig {
  readonly version: Version;
  readonly port: number;
  readonly monitorPort?: number | undefined;
  readonly storeFolder: string;
  readonly pidFile: string;
}

/**
 * The configuration file of a nats-server on the loopback address. The store limits are no reservation of disk: streams
 * are refused when the sum of their own limits is above them, whatever they hold.
 */
export function natsConfigText({ version, port, monitorPort, storeFolder, pidFile }: NatsConfig): string {
  const lines = [
    `listen: "${LOOPBACK}:${port}"`,
    ...(monitorPort === undefined ? [] : [`http: "${LOOPBACK}:${monitorPort}"`]),
    'server_name: chowda',
    `pid_file: ${JSON.stringify(pidFile)}`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(storeFolder)}`,
    '  max_file_store: 64GB',
    '  max_memory_store: 1GB',
    ...(compareVersions(version, SYNC_INTERVAL_SINCE) >= 0 ? ['  sync_interval: 1s'] : []),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}
