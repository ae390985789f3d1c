import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { choosePort, LOOPBACK } from './free-port.js';
import { logPath, withLog } from './log-file.js';
import { type NatsClusterMember, natsConfigText } from './nats-config.js';
import type { NatsProgram } from './nats-program.js';
import { stopOrphan } from './orphan.js';
import { exitOf, type RunningProcess, runningProcess, untilReady } from './running-process.js';
import { formatVersion, parseVersion, refuseFolder } from './version.js';

const NAME = 'nats-server';
const SECOND = 1000;
const START_WITHIN = 60 * SECOND;
const STOP_GRACE = 10 * SECOND;

export interface NatsOptions {
  readonly program: Pick<NatsProgram, 'path' | 'version'>;
  /** Folder for streams and configuration; created if missing. */
  readonly dataFolder: string;
  /** Folder for the log; default: the data folder. */
  readonly logFolder?: string;
  /** Default: a free port. */
  readonly port?: number;
  /** Port of the monitoring pages; default: none. */
  readonly monitorPort?: number;
  /** Membership in a cluster; default: a single server. */
  readonly cluster?: NatsClusterMember;
  /** Limit of all files of streams, such as "20GB"; default: 64GB. */
  readonly maxFileStore?: string | undefined;
  /** Receives one sentence about each unusual event. */
  readonly onNotice?: (sentence: string) => void;
}

/** A running nats-server with JetStream on the loopback address. */
export interface RunningNats extends RunningProcess {
  readonly url: string;
  readonly port: number;
}

/**
 * Starts nats-server on a folder. It first stops a server that a killed parent left running there; it throws if a newer
 * server wrote the folder.
 */
export async function startNats(options: NatsOptions): Promise<RunningNats> {
  const folder = resolve(options.dataFolder);
  const configFile = join(folder, 'nats.conf');
  const pidFile = join(folder, 'nats.pid');
  const logFolder = options.logFolder ?? folder;
  await mkdir(folder, { recursive: true });
  const version = await claimFolder(folder, options.program.version);
  if (await stopOrphan(pidFile, configFile)) {
    options.onNotice?.('Stopped the nats-server that an earlier start left running.');
  }

  const port = await choosePort(options.port);
  const { monitorPort, cluster, maxFileStore } = options;
  await writeFile(
    configFile,
    natsConfigText({ version, port, monitorPort, storeFolder: join(folder, 'store'), pidFile, cluster, maxFileStore }),
  );
  const child = withLog(logFolder, NAME, (log) =>
    // Detached: Ctrl-C in the terminal must reach the supervisor alone, which then stops everything in order.
    spawn(options.program.path, ['-c', configFile], { stdio: ['ignore', log, log], detached: true }),
  );
  const exited = exitOf(child);
  const program = { name: NAME, child, exited, logFile: logPath(logFolder, NAME) };
  await untilReady(program, START_WITHIN, () => sendsInfo(port));
  return {
    ...runningProcess(child, exited, { signal: 'SIGTERM', graceMs: STOP_GRACE }),
    url: `nats://${LOOPBACK}:${port}`,
    port,
  };
}

/** Records which version writes the folder; throws if a newer version wrote it before. */
async function claimFolder(folder: string, programVersion: string) {
  const version = parseVersion(programVersion);
  if (version === null) throw new Error(`"${programVersion}" is not a valid nats-server version.`);
  const file = join(folder, 'written-by');
  const refusal = refuseFolder(version, parseVersion(await readFile(file, 'utf8').catch(() => '')));
  if (refusal !== null) throw new Error(refusal);
  await writeFile(file, `${formatVersion(version)}\n`);
  return version;
}

/** Whether a server sends its INFO line, which it does once JetStream is available. */
function sendsInfo(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(port, LOOPBACK);
    const end = (isReady: boolean) => {
      socket.destroy();
      answer(isReady);
    };
    socket.once('data', (data) => end(/^INFO .*"jetstream":true/.test(data.toString('utf8'))));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}
