// Adds to package-lock.json the binaries for other platforms that npm omitted because the registry in use does not serve
// them; without these entries, "npm ci" rejects the lock file. Run it after each change of dependencies.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const { packages } = lock;

/** Path of the package that `name` resolves to in the package at `from`, by Node's rules; undefined if it is missing. */
function resolve(from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder}${folder === '' ? '' : '/'}node_modules/${name}`;
    if (packages[path]) return path;
    if (folder === '') return undefined;
    if (!folder.includes('/node_modules/')) folder = '';
  }
}

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPUS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** The systems and processors in the name of a package, such as `core-win32-x64-msvc`. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const system = name.includes('windows') ? ['win32'] : SYSTEMS.filter((word) => words.includes(word));
  const cpu = CPUS.filter((word) => words.includes(word));
  return { ...(cpu.length > 0 ? { cpu } : {}), ...(system.length > 0 ? { os: system } : {}) };
}

let added = 0;
for (const [from, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const isPlatformBinary = /^\d+\.\d+\.\d+/.test(version) && Object.keys(platformOf(name)).length > 0;
    if (!isPlatformBinary || resolve(from, name)) continue;
    packages[`node_modules/${name}`] = { version, ...platformOf(name), ...(dev ? { dev } : {}), optional: true };
    added += 1;
  }
}

const sorted = Object.fromEntries(Object.entries(packages).sort(([left], [right]) => (left < right ? -1 : 1)));
writeFileSync(file, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
process.stdout.write(`Added ${added} platform packages.\n`);
