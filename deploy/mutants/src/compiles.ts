import { join } from 'node:path';
import ts from 'typescript';

interface Checker {
  readonly path: string;
  accepts(text: string): boolean;
}

let checker: Checker | null = null;

/** Whether the type checker accepts `text` as the content of a file: a mutant that it rejects cannot reach the tests. */
export function compiles(root: string, file: string, text: string): boolean {
  const path = join(root, file);
  if (checker?.path !== path) checker = checkerOf(root, path);
  return checker.accepts(text);
}

/** A language service for one file and its imports; only that file changes. */
function checkerOf(root: string, path: string): Checker {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (name) => ts.sys.readFile(name));
  const { options } = ts.convertCompilerOptionsFromJson(
    (config.config as { compilerOptions: object }).compilerOptions,
    root,
  );
  let version = 0;
  let changed = '';
  const read = (name: string) => (name === path ? changed : ts.sys.readFile(name));
  const service = ts.createLanguageService({
    // The build output is older than the sources: "#libs/x" means the source.
    getCompilationSettings: () => ({ ...options, paths: { '#libs/*': [join(root, 'libs/*/src/index.ts')] } }),
    getScriptFileNames: () => [path],
    getScriptVersion: (name) => (name === path ? String(version) : '0'),
    getScriptSnapshot: (name) => {
      const text = read(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
    fileExists: (name) => ts.sys.fileExists(name),
    readFile: (name) => ts.sys.readFile(name),
    directoryExists: (name) => ts.sys.directoryExists(name),
    getDirectories: (name) => ts.sys.getDirectories(name),
  });
  return {
    path,
    accepts: (text) => {
      version += 1;
      changed = text;
      return [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)].length === 0;
    },
  };
}
