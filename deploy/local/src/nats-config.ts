import { LOOPBACK } from './free-port.js';
import { compareVersions, type Version } from './version.js';

/** First release that knows `sync_interval`. */
const SYNC_INTERVAL_SINCE: Version = [2, 10, 0];

export interface NatsConfig {
  readonly version: Version;
  readonly port: number;
  readonly monitorPort?: number | undefined;
  readonly storeFolder: string;
  readonly pidFile: string;
  readonly cluster?: NatsClusterMember | undefined;
  /** Limit of all files of streams, such as "20GB"; default: 64GB. */
  readonly maxFileStore?: string | undefined;
}

/** One server's place in a cluster on the loopback address. */
export interface NatsClusterMember {
  /** Unique among the members. */
  readonly serverName: string;
  /** Port on which the other members connect. */
  readonly port: number;
  /** Cluster ports of all members. */
  readonly members: readonly number[];
}

/**
 * The configuration file of a nats-server on the loopback address. The store limits do not reserve disk space: the server
 * refuses a stream when the sum of the streams' own limits exceeds them, regardless of the stored bytes.
 */
export function natsConfigText(config: NatsConfig): string {
  const { version, port, monitorPort, storeFolder, pidFile, cluster, maxFileStore = '64GB' } = config;
  const lines = [
    `listen: "${LOOPBACK}:${port}"`,
    ...(monitorPort === undefined ? [] : [`http: "${LOOPBACK}:${monitorPort}"`]),
    `server_name: ${cluster?.serverName ?? 'chowda'}`,
    `pid_file: ${JSON.stringify(pidFile)}`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(storeFolder)}`,
    `  max_file_store: ${maxFileStore}`,
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
