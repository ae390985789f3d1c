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
  /** Folder for the streams and the configuration; made when missing. */
  readonly dataFolder: string;
  /** Folder for its log; default: the data folder. */
  readonly logFolder?: string;
  /** Default: any free port. */
  readonly port?: number;
  /** Port of the monitoring pages; default: none. */
  readonly monitorPort?: number;
  /** Its place in a cluster; default: none. */
  readonly cluster?: NatsClusterMember;
  /** Gets a sentence on whatever is out of the ordinary. */
  readonly onNotice?: (sentence: string) => void;
}

/** A running nats-server with JetStream on the loopback address. */
export interface RunningNats extends RunningProcess {
  readonly url: string;
  readonly port: number;
}

/**
 * Starts nats-server on a folder. A server that a killed parent left there is stopped first; a folder that a newer
 * server wrote is refused with a sentence.
 */
export async function startNats(options: NatsOptions): Promise<RunningNats> {
  const folder = resolve(options.dataFolder);
  const configFile = join(folder, 'nats.conf');
  const pidFile = join(folder, 'nats.pid');
  const logFolder = options.logFolder ?? folder;
  await mkdir(folder, { recursive: true });
  const version = await claimFolder(folder, options.program.version);
  if (await stopOrphan(pidFile, configFile)) {
    options.onNotice?.('Stopped the nats-server that an earlier start left behind.');
  }

  const port = await choosePort(options.port);
  const { monitorPort, cluster } = options;
  await writeFile(
    configFile,
    natsConfigText({ version, port, monitorPort, storeFolder: join(folder, 'store'), pidFile, cluster }),
  );
  const child = withLog(logFolder, NAME, (log) =>
    // Detached: Ctrl-C in the terminal must reach the supervisor alone, which then stops everything in order.
    spawn(options.program.path, ['-c', configFile], { stdio: ['ignore', log, log], detached: true }),
  );
  const exited = exitOf(child);
  const program = { name: NAME, child, exited, logFile: logPath(logFolder, NAME) };
  await untilReady(program, START_WITHIN, () => greets(port));
  return {
    ...runningProcess(child, exited, { signal: 'SIGTERM', graceMs: STOP_GRACE }),
    url: `nats://${LOOPBACK}:${port}`,
    port,
  };
}

/** Notes which version writes the folder from now on; throws when a newer one wrote it before. */
async function claimFolder(folder: string, programVersion: string) {
  const version = parseVersion(programVersion);
  if (version === null) throw new Error(`"${programVersion}" is no version of nats-server.`);
  const file = join(folder, 'written-by');
  const refusal = refuseFolder(version, parseVersion(await readFile(file, 'utf8').catch(() => '')));
  if (refusal !== null) throw new Error(refusal);
  await writeFile(file, `${formatVersion(version)}\n`);
  return version;
}

/** Tells whether a server sends its greeting, which it does once JetStream is there. */
function greets(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(port, LOOPBACK);
    const end = (greeted: boolean) => {
      socket.destroy();
      answer(greeted);
    };
    socket.once('data', (data) => end(/^INFO .*"jetstream":true/.test(data.toString('utf8'))));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}
