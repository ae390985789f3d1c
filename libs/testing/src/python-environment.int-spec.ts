import { beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clamsSdk } from './clams-sdk.js';
import { obtainPythonEnvironment, PythonUnavailable } from './python-environment.js';
import { testFolder } from './test-run.js';

/** A program that imitates Python for the creation of environments; `fails` selects a failing command. */
const fakePython = (log: string, { version = '3 12', fails = 'nothing' } = {}) => `#!/bin/sh
case "$*" in
  *sys.version_info\\[:2\\]*) echo "${version}" ;;
  *"${fails}"*) echo "simulated failure" >&2; exit 1 ;;
  "-m venv --clear "*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
  "-m pip install "*) echo "$* $(cat "$PIP_CONSTRAINT" "$PIP_BUILD_CONSTRAINT" | tr '\\n' ' ')" >> ${log}; touch "$0.installed" ;;
  *) test -e "$0.installed" && echo '{"toy": "1.2.3", "python": "3.12.1"}' ;;
esac
`;

describe(obtainPythonEnvironment, () => {
  let home: string;
  let log: string;
  beforeEach(async () => {
    home = await testFolder('python');
    log = join(home, 'pip.log');
    await constrain('flask==3.1.3');
  });

  const constraints = () => join(home, 'constraints-1.2.3.txt');
  const constrain = (line: string) => writeFile(constraints(), `${line}\n`);

  const install = async (...fake: Parameters<typeof fakePython> extends [string, ...infer Rest] ? Rest : never) => {
    await writeFile(join(home, 'python3'), fakePython(log, ...fake));
    await chmod(join(home, 'python3'), 0o755);
  };
  const folder = () => join(home, 'environments', '1.2.3');
  const obtain = (version = '1.2.3') =>
    obtainPythonEnvironment({
      folder: folder(),
      package: 'toy',
      version,
      installs: [['toy==1.2.3']],
      constraints: constraints(),
      path: `${home}:/usr/bin:/bin`,
    });
  const installed = async () => (await readFile(log, 'utf8')).trim().split('\n');

  it('creates an environment once and reuses it without pip', async () => {
    await install();
    const made = await obtain();
    expect(made).toEqual({
      python: join(folder(), 'bin', 'python'),
      versions: { toy: '1.2.3', python: '3.12.1' },
    });
    expect(await obtain()).toEqual(made);
    expect(await installed()).toHaveLength(1);
  });

  it('passes the constraints to pip for packages and for build requirements', async () => {
    await install();
    await obtain();
    expect(await installed()).toEqual([expect.stringMatching(/ toy==1\.2\.3 flask==3\.1\.3 flask==3\.1\.3$/)]);
  });

  it('recreates the environment after a change of the constraints', async () => {
    await install();
    await obtain();
    await constrain('flask==3.1.4');
    const made = await obtain();
    expect(await obtain()).toEqual(made);
    expect(await installed()).toEqual([
      expect.stringContaining('flask==3.1.3'),
      expect.stringContaining('flask==3.1.4'),
    ]);
    expect(await readdir(join(home, 'environments'))).toEqual(['1.2.3']);
  });

  it('returns the same environment to concurrent callers and leaves no other folder', async () => {
    await install();
    const made = await Promise.all([obtain(), obtain(), obtain()]);
    expect(new Set(made.map(({ python }) => python)).size).toBe(1);
    expect(await readdir(join(home, 'environments'))).toEqual(['1.2.3']);
  });

  it('replaces an incomplete environment and removes the folders of killed processes', async () => {
    await install();
    const dead = 4_194_305;
    await mkdir(join(folder(), 'bin'), { recursive: true });
    await mkdir(`${folder()}.${dead}-abc123`);
    expect((await obtain()).versions).toMatchObject({ toy: '1.2.3' });
    expect(await readdir(join(home, 'environments'))).toEqual(['1.2.3']);
  });

  it.each([
    [{ fails: '-m venv' }, 'cannot create an environment (simulated failure): install its module venv'],
    [{ fails: '-m pip' }, 'toy 1.2.3 could not be installed from PyPI (simulated failure): check the network'],
    [{ version: '3 8' }, 'Python 3.10 or newer is needed, but python3 is 3.8'],
  ])('throws with the remedy for a Python like %j', async (fake, sentence) => {
    await install(fake);
    const failure = await obtain().then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(PythonUnavailable);
    expect(String(failure)).toContain(sentence);
    expect(await readdir(join(home, 'environments')).catch(() => [])).toEqual([]);
  });
});

describe(clamsSdk, () => {
  it('prints why tests are skipped, and throws where Python is required', async () => {
    const printed: string[] = [];
    const without = {
      folder: `${await testFolder('python')}/`,
      path: '',
      print: (line: string) => void printed.push(line),
    };
    expect(await clamsSdk('1.8.0', { ...without, isRequired: false })).toBeNull();
    expect(printed).toEqual([
      'SKIPPED: the tests on clams-python 1.8.0. Python 3.10 or newer is needed, but PATH contains no Python: install it.',
    ]);
    await expect(clamsSdk('1.8.0', { ...without, isRequired: true })).rejects.toThrow(PythonUnavailable);
  });
});
