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
  readonly cluster?: NatsClusterMember | undefined;
}

/** One server's place in a cluster on the loopback address. */
export interface NatsClusterMember {
  /** Unlike that of every other member. */
  readonly serverName: string;
  /** Where the other members connect to it. */
  readonly port: number;
  /** Cluster ports of all members. */
  readonly members: readonly number[];
}

/**
 * The configuration file of a nats-server on the loopback address. The store limits are no reservation of disk: streams
 * are refused when the sum of their own limits is above them, whatever they hold.
 */
export function natsConfigText(config: NatsConfig): string {
  const { version, port, monitorPort, storeFolder, pidFile, cluster } = config;
  const lines = [
    `listen: "${LOOPBACK}:${port}"`,
    ...(monitorPort === undefined ? [] : [`http: "${LOOPBACK}:${monitorPort}"`]),
    `server_name: ${cluster?.serverName ?? 'chowda'}`,
    `pid_file: ${JSON.stringify(pidFile)}`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(storeFolder)}`,
    '  max_file_store: 64GB',
    '  max_memory_store: 1GB',
    ...(compareVersions(version, SYNC_INTERVAL_SINCE) >= 0 ? ['  sync_interval: 1s'] : []),
    '}',
    ...(cluster === undefined ? [] : clusterLines(cluster)),
  ];
  return `${lines.join('\n')}\n`;
}

const clusterLines = ({ port, members }: NatsClusterMember): string[] => [
  'cluster {',
  '  name: chowda',
  `  listen: "${LOOPBACK}:${port}"`,
  `  routes: [${members.map((member) => `"nats-route://${LOOPBACK}:${member}"`).join(', ')}]`,
  '}',
];
