// Plain Node without packages: this runs before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const OLDEST_NODE = [20, 19];
const SECOND = 1000;
const QUIET_FOR = 2 * SECOND;
const REPEAT_EVERY = 5 * SECOND;
/** A change of these paths requires a build. */
const SOURCES = [
  'libs',
  'services',
  'deploy',
  '.config',
  '.swcrc',
  'nest-cli.json',
  'tsconfig.json',
  'package-lock.json',
];

/** Installs packages and builds if needed; on failure, prints the reason and exits with 1. */
export async function prepare() {
  try {
    checkNode(process.versions.node);
    if (!isInstalled()) await install();
    const stamp = sourceStamp();
    if (readOr(builtFile, '') !== stamp) await build(stamp);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function checkNode(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new Error(`Node ${version} is too old: install Node ${OLDEST_NODE.join('.')} or newer.`);
}

/** Whether node_modules matches package-lock.json; npm writes .package-lock.json there when an installation finishes. */
function isInstalled() {
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readOr(join(root, 'node_modules', '.package-lock.json'), '{}')).packages ?? {};
  return (
    Object.keys(present).every((path) => wanted[path] !== undefined) &&
    Object.entries(wanted).every(
      ([path, { version, optional }]) =>
        path === '' || present[path]?.version === version || (optional && !present[path]),
    )
  );
}

async function install() {
  const arguments_ = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--include=dev', '--include=optional'];
  // npm passes its own path to the scripts that it runs.
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  await run('Installing packages', command, [...first, ...arguments_], { shell: command === 'npm' });
}

async function build(stamp) {
  const nest = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  await run('Building the services', process.execPath, [nest, 'build', '--all']);
  const web = join(root, 'services', 'web');
  if (existsSync(join(web, 'index.html'))) {
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    const output = ['--outDir', join(root, 'dist', 'web'), '--emptyOutDir', '--logLevel', 'error'];
    const config = ['--config', join(web, 'vite.config.ts')];
    await run('Building the web page', process.execPath, [vite, 'build', web, ...config, ...output]);
  }
  mkdirSync(dirname(builtFile), { recursive: true });
  writeFileSync(builtFile, stamp);
}

const builtFile = join(root, 'dist', 'built-from');

/** Changes whenever a source file is changed, added or removed. */
function sourceStamp() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stats = statSync(join(root, path), { throwIfNoEntry: false });
    if (stats?.isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) visit(join(path, name));
    } else if (stats) {
      hash.update(`${path} ${stats.size} ${stats.mtimeMs}\n`);
    }
  };
  SOURCES.forEach(visit);
  return hash.digest('hex');
}

/** Runs a program to its end and prints its progress every 5 s; shows its output when it fails. */
function run(what, command, args, options = {}) {
  const begin = Date.now();
  const report = () => process.stdout.write(`${what} (${Math.round((Date.now() - begin) / SECOND)} s) ...\n`);
  let repeat;
  const first = setTimeout(() => {
    report();
    repeat = setInterval(report, REPEAT_EVERY);
  }, QUIET_FOR);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(first);
      clearInterval(repeat);
      if (code === 0) resolve();
      else reject(new Error(`${output.trim()}\n${what} failed (exit code ${code}); see the lines above.`));
    });
  });
}

function readOr(file, fallback) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return fallback;
  }
}
