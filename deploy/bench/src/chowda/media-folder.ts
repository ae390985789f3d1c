import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The first bytes of an MP4 file. */
const MP4_HEAD = Buffer.from('\0\0\0\u0018ftypisom\0\0\0\0isomiso2', 'latin1');
const FILES_PER_FOLDER = 1000;

/** Creates `count` small video files, 1,000 in each subfolder; returns their GUIDs. */
export async function fillMediaFolder(folder: string, count: number): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const guids = Array.from({ length: count }, (_, index) => `cpb-aacip-507-${String(index).padStart(10, '0')}`);
  for (let begin = 0; begin < count; begin += FILES_PER_FOLDER) {
    const shelf = join(folder, `shelf-${begin / FILES_PER_FOLDER}`);
    await mkdir(shelf);
    const [first, ...others] = guids.slice(begin, begin + FILES_PER_FOLDER).map((guid) => join(shelf, `${guid}.mp4`));
    await writeFile(first!, MP4_HEAD);
    await Promise.all(others.map((path) => link(first!, path)));
  }
  return guids;
}

/** A CSV file as archivists export it: GUID and two more columns. */
export const csvOf = (guids: readonly string[]): string =>
  ['GUID,Title,Broadcast date', ...guids.map((guid, index) => `${guid},"Evening news, part ${index}",1987-05-12`)].join(
    '\r\n',
  );
