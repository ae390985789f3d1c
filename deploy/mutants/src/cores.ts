import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** Pure file and the unit specs of its part that reach it by imports, the nearest first. */
export interface Core {
  readonly file: string;
  readonly specs: readonly string[];
}

/** Names of pure files by lib or service; a file is found by its name wherever it is in the part. */
export type CoreNames = Readonly<Record<string, readonly string[]>>;

/** Finds the files and their specs; throws one sentence when a name fits no file or several. */
export function findCores(root: string, names: CoreNames): Core[] {
  return Object.entries(names).flatMap(([part, cores]) => {
    const files = filesOf(root, part);
    const specs = files.filter((file) => file.endsWith('.spec.ts'));
    const reached = new Map(specs.map((spec) => [spec, distances(root, spec)]));
    return cores.map((name) => {
      const found = files.filter((file) => file.endsWith(`/${name}.ts`));
      if (found.length !== 1) {
        throw new Error(`deploy/mutants/cores.json: ${found.length} files of ${part} are named ${name}.ts.`);
      }
      const file = found[0]!;
      const near = specs
        .map((spec) => ({ spec, distance: reached.get(spec)!.get(file) }))
        .filter(({ distance }) => distance !== undefined)
        .sort((left, right) => left.distance! - right.distance!);
      return { file, specs: near.map(({ spec }) => spec) };
    });
  });
}

/** TypeScript files of a folder, committed or not. */
function filesOf(root: string, part: string): string[] {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', part];
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\n');
  return files.filter((file) => file.endsWith('.ts') && ts.sys.fileExists(join(root, file)));
}

/** How many imports lead from a spec to each file of its part. */
function distances(root: string, spec: string): Map<string, number> {
  const found = new Map([[spec, 0]]);
  // A map visits keys that are added while it is read: breadth first.
  for (const [file, distance] of found) {
    for (const imported of importsOf(root, file)) if (!found.has(imported)) found.set(imported, distance + 1);
  }
  return found;
}

const known = new Map<string, string[]>();

function importsOf(root: string, file: string): string[] {
  const seen = known.get(join(root, file));
  if (seen) return seen;
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), 'utf8'));
  const imports = importedFiles
    .filter(({ fileName }) => /^\.{1,2}\/.*\.js$/.test(fileName))
    .map(({ fileName }) => join(dirname(file), fileName.replace(/\.js$/, '.ts')))
    .filter((path) => ts.sys.fileExists(join(root, path)));
  known.set(join(root, file), imports);
  return imports;
}
