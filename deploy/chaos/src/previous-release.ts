import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '#deploy/local';

const run = promisify(execFile);
const HEADING = /^## Release 0\.1\.0 \(commit ([0-9a-f]{7,40})\)$/m;
const MAX_ARCHIVE_BYTES = 1024 ** 3;

/**
 * Builds the previous release, which CHANGELOG.md names, into a folder that is kept for the next call; returns the folder.
 * Null after a printed reason when it cannot be built: the history of the repository is shallow, or the release needs
 * other packages.
 */
export async function previousRelease(): Promise<string | null> {
  const changelog = await readFile(join(repositoryRoot, '.github', 'CHANGELOG.md'), 'utf8');
  const commit = HEADING.exec(changelog)?.[1];
  if (commit === undefined) throw new Error('CHANGELOG.md does not name the commit of the previous release.');
  const isKnown = await git('cat-file', '-e', `${commit}^{commit}`).then(
    () => true,
    () => false,
  );
  if (!isKnown) return skipped(`commit ${commit} is not in the history of this clone`);
  const lock = await git('show', `${commit}:package-lock.json`);
  if (lock !== (await readFile(join(repositoryRoot, 'package-lock.json'), 'utf8')))
    return skipped('it needs other packages than those that are installed');
  const folder = join(repositoryRoot, '.chowda', 'releases', commit);
  if (!existsSync(join(folder, 'built'))) await build(commit, folder);
  return folder;
}

async function build(commit: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const archive = join(folder, 'source.tar');
  await git('archive', '--format=tar', `--output=${archive}`, commit);
  await run('tar', ['-xf', archive, '-C', folder]);
  await rm(archive);
  await symlink(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  const nest = join('node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  await run(process.execPath, [nest, 'build', '--all'], { cwd: folder });
  await writeFile(join(folder, 'built'), '');
}

async function git(...parameters: string[]): Promise<string> {
  const { stdout } = await run('git', parameters, { cwd: repositoryRoot, maxBuffer: MAX_ARCHIVE_BYTES });
  return stdout;
}

function skipped(reason: string): null {
  process.stderr.write(`SKIPPED: the tests with the previous release: ${reason}.\n`);
  return null;
}
