// Runs every static check, even after a failure, and prints the result of each.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, root } from '../deploy/local/prepare.mjs';

await prepare();
const bin = (...path) => join(root, 'node_modules', ...path);
const web = 'services/web/tsconfig.json';
const checks = [
  ['format', bin('prettier', 'bin', 'prettier.cjs'), '--check', '.'],
  ['lint', bin('oxlint', 'bin', 'oxlint'), '--config', '.config/oxlintrc.json', '--type-aware', '--deny-warnings', '.'],
  ['types', bin('@typescript', 'native', 'bin', 'tsc'), '-p', 'tsconfig.json'],
  ...(existsSync(join(root, web))
    ? [['types of the web page', bin('@typescript', 'native', 'bin', 'tsc'), '-p', web]]
    : []),
  [
    'dependency rule',
    bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
    '--config',
    '.config/dependency-rule.mjs',
    'libs',
    'services',
    'deploy',
  ],
  ['dead code', bin('knip', 'bin', 'knip.js'), '--config', '.config/knip.json'],
];

const failed = checks.filter(([name, ...command]) => {
  const begin = Date.now();
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  process.stdout.write(
    `${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)\n`,
  );
  return status !== 0;
});
process.exit(failed.length === 0 ? 0 : 1);
