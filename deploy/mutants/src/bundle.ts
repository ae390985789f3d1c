import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const JEST_GLOBALS =
  'export const { describe, it, test, beforeAll, beforeEach, afterAll, afterEach, expect } = specGlobals;';

/**
 * One ES module with a spec and the repository's own code below it. `changed` replaces the text of files (path from
 * the root -> text); packages are imported at run time.
 */
export async function bundled(root: string, spec: string, changed: ReadonlyMap<string, string>): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, spec)],
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
    tsconfig: join(root, 'tsconfig.json'),
    plugins: [ownCode(root, changed)],
  });
  return outputFiles[0]!.text;
}

/** Resolves `#libs/x` and `.js` to sources as Jest does, and keeps the URL of each file. */
const ownCode = (root: string, changed: ReadonlyMap<string, string>): Plugin => ({
  name: 'own-code',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^@jest\/globals$/ }, () => ({ path: 'jest-globals', namespace: 'jest' }));
    onLoad({ filter: /.*/, namespace: 'jest' }, () => ({ contents: JEST_GLOBALS, loader: 'js' }));
    onResolve({ filter: /^#libs\// }, ({ path }) => ({ path: join(root, 'libs', path.slice(6), 'src', 'index.ts') }));
    onResolve({ filter: /^#deploy\/local$/ }, () => ({ path: join(root, 'deploy/local/src/index.ts') }));
    onResolve({ filter: /^\.{1,2}\/.*\.js$/ }, ({ path, importer }) => ({
      path: resolve(dirname(importer), path.replace(/\.js$/, '.ts')),
    }));
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = changed.get(path.slice(root.length + 1)) ?? (await readFile(path, 'utf8'));
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: text.replaceAll('import.meta.url', url), loader: 'ts' };
    });
  },
});
