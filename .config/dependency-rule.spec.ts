import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const LIBS = ['contracts', 'mmif', 'clams', 'runtime', 'messaging', 'database', 'testing'];

/** A file, its illegal import, and a part of the name of the rule that must fire. */
const ILLEGAL: [file: string, imported: string, rule: string][] = [
  ['libs/contracts/src/a.ts', '#libs/runtime', 'libs/contracts imports only'],
  ['libs/mmif/src/a.ts', '#libs/contracts', 'libs/mmif imports only'],
  ['libs/runtime/src/a.ts', '#libs/contracts', 'libs/runtime imports only'],
  ['libs/clams/src/a.ts', '#libs/contracts', 'libs/clams imports only'],
  ['libs/messaging/src/a.ts', '#libs/database', 'libs/messaging imports only'],
  ['libs/database/src/a.ts', '#libs/messaging', 'libs/database imports only'],
  ['services/worker/src/a.ts', '#libs/database', 'services/worker imports only'],
  ['services/notifier/src/a.ts', '#libs/clams', 'services/notifier imports only'],
  ['services/web/src/a.ts', '#libs/runtime', 'services/web imports only'],
  ['services/cli/src/a.ts', '#libs/database', 'services/cli imports only'],
  ['services/cli/src/b.ts', '#libs/messaging', 'services/cli imports only'],
  ['services/gateway/src/a.ts', '../../worker/src/main.js', 'no service imports another'],
  ['services/gateway/src/b.ts', '../../../libs/mmif/src/inner.js', 'a lib is imported through'],
  ['services/gateway/src/c.ts', '#libs/testing', 'libs/testing is for specs'],
  ['services/gateway/src/d.ts', '#deploy/local', 'only libs/testing, development tools'],
  ['services/scheduler/src/a.ts', 'nats', 'nats may only be imported'],
  ['services/scheduler/src/b.ts', 'typeorm', 'may only be imported in libs/database'],
  ['services/scheduler/src/c.ts', '@nestjs/typeorm', 'may only be imported in libs/database'],
  ['services/scheduler/src/d.ts', 'pg', 'pg may only be imported'],
  ['services/gateway/src/e.ts', 'socket.io', 'may only be imported in services/notifier'],
  ['services/gateway/src/f.ts', '@nestjs/websockets', 'may only be imported in services/notifier'],
  ['libs/mmif/src/cycle-a.ts', './cycle-b.js', 'no cycles'],
  ['libs/mmif/src/b.ts', './missing.js', 'every import resolves'],
];

const LEGAL: [file: string, imported: string][] = [
  ['libs/clams/src/b.ts', '#libs/mmif'],
  ['libs/messaging/src/b.ts', '#libs/contracts'],
  ['libs/messaging/src/c.ts', 'nats'],
  ['libs/database/src/b.ts', 'typeorm'],
  ['libs/testing/src/a.ts', '#deploy/local'],
  ['services/scheduler/src/e.ts', '#libs/database'],
  ['services/scheduler/src/e.int-spec.ts', '#libs/testing'],
  ['services/worker/src/b.ts', '#libs/messaging'],
  ['services/notifier/src/b.ts', 'socket.io'],
  ['services/web/src/b.ts', '#libs/contracts'],
  ['services/web/src/c.ts', 'socket.io-client'],
  ['services/cli/src/c.ts', '#libs/contracts'],
  ['services/cli/src/d.ts', '#libs/runtime'],
  ['services/cli/src/e.ts', 'socket.io-client'],
  ['deploy/local/src/a.ts', 'pg'],
];

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

describe('the dependency rule', () => {
  let planted: string;
  let violations: Violation[];

  beforeAll(async () => {
    planted = await realpath(await mkdtemp(join(tmpdir(), 'chowda-rule-')));
    const write = async (file: string, text: string) => {
      await mkdir(dirname(join(planted, file)), { recursive: true });
      await writeFile(join(planted, file), text);
    };
    for (const lib of LIBS) await write(`libs/${lib}/src/index.ts`, 'export const door = 1;');
    await write('libs/mmif/src/inner.ts', 'export const inner = 1;');
    await write('libs/mmif/src/cycle-b.ts', "import './cycle-a.js';\nexport const other = 1;");
    await write('services/worker/src/main.ts', 'export const main = 1;');
    await write('deploy/local/src/index.ts', 'export const local = 1;');
    for (const [file, imported] of [...ILLEGAL, ...LEGAL])
      await write(file, `import '${imported}';\nexport const a = 1;`);
    for (const file of ['.config', 'tsconfig.json', 'package.json']) {
      await cp(file, join(planted, file), { recursive: true });
    }
    await symlink(join(process.cwd(), 'node_modules'), join(planted, 'node_modules'));
    violations = await cruise(planted);
  });
  afterAll(() => rm(planted, { recursive: true, force: true }));

  it.each(ILLEGAL)('rejects %s importing %s', (file, _imported, rule) => {
    const rules = violations.filter(({ from }) => from === file).map((violation) => violation.rule.name);
    expect(rules).toContainEqual(expect.stringContaining(rule));
  });

  it.each(LEGAL)('accepts %s importing %s', (file) => {
    expect(violations.filter(({ from }) => from === file)).toEqual([]);
  });
});

async function cruise(folder: string): Promise<Violation[]> {
  const program = join(process.cwd(), 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const args = ['--config', '.config/dependency-rule.mjs', '--output-type', 'json', 'libs', 'services', 'deploy'];
  // Violations make the program fail; its standard output contains them.
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], {
    cwd: folder,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { stdout: string }) => error);
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}
