import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ApiClient, freePort, obtainNatsServer, repositoryRoot, type Stack, startStack, until } from '#deploy/local';
import { appSchema, batchSchema, mediaFileSchema, pipelineSchema } from '#libs/contracts';

const GUIDS = ['cpb-aacip-1', 'cpb-aacip-2', 'cpb-aacip-3'];
/** The first bytes of an MP4 file. */
const MEDIA = Buffer.from('\0\0\0\u0018ftypisom\0\0\0\0isomiso2', 'latin1');
const READY_WITHIN = 60_000;

/** Starts everything in a folder, with a draft, and a batch that has run. */
export async function ownStack(folder: string, tell: (sentence: string) => void): Promise<Stack> {
  const { PATH: path, PIP_INDEX_URL: indexUrl } = process.env;
  const nats = await obtainNatsServer({
    folder: join(repositoryRoot, '.chowda', 'programs'),
    path,
    indexUrl,
    onStep: tell,
  });
  const stack = await startStack({
    dataFolder: folder,
    httpPort: await freePort(),
    environment: {
      ...process.env,
      PATH: `${dirname(nats.path)}:${path}`,
      LOG_LEVEL: 'warn',
      COMMANDS_PER_MINUTE: '1000000',
    },
    onEvent: tell,
  });
  await load(new ApiClient(stack.webUrl, stack.accessToken), join(folder, 'media'), stack.demoApps[0]!);
  return stack;
}

async function load(api: ApiClient, mediaFolder: string, appUrl: string): Promise<void> {
  await mkdir(mediaFolder, { recursive: true });
  for (const guid of GUIDS) {
    const path = join(mediaFolder, `${guid}.mp4`);
    await writeFile(path, MEDIA);
    await api.post('/api/media-files', { guid, path }, mediaFileSchema);
  }
  const { slug } = await api.post('/api/apps', { url: appUrl }, appSchema);
  await until('The scheduler', READY_WITHIN, async () => (await api.get(`/api/apps/${slug}`, appSchema)).ready);
  const { name } = await api.post('/api/pipelines', { name: 'fuzz', stages: [{ app: slug }] }, pipelineSchema);
  const batch = { pipeline: name, files: GUIDS };
  const { id } = await api.post('/api/batches', { ...batch, name: 'started' }, batchSchema);
  await api.post(`/api/batches/${id}/start`, {}, batchSchema);
  await api.post('/api/batches', { ...batch, name: 'draft' }, batchSchema);
}
