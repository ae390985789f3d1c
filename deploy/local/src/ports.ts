import { randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { isPortFree } from './free-port.js';

/** Below the ports that systems give to outgoing connections, so that a port is still free at the next start. */
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;
/** The demo apps listen on this many ports in a row. */
export const DEMO_APPS = 3;

const portsSchema = z.object({ nats: z.int(), live: z.int(), demoApps: z.int() });
/** Ports that stay the same from start to start, because scripts and registered apps name them. */
export type Ports = z.infer<typeof portsSchema>;

/** The ports of the last start while they are free, else other ones; remembered in `file`. */
export async function keepPorts(file: string): Promise<Ports> {
  const known = portsSchema.safeParse(
    await readFile(file, 'utf8')
      .then(JSON.parse)
      .catch(() => null),
  );
  const ports = {
    nats: await firstFree(known.data?.nats, 1),
    live: await firstFree(known.data?.live, 1),
    demoApps: await firstFree(known.data?.demoApps, DEMO_APPS),
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(ports, null, 2)}\n`);
  return ports;
}

/** The first of `count` free ports in a row: `wanted`, else somewhere else. */
async function firstFree(wanted: number | undefined, count: number): Promise<number> {
  const first = wanted ?? randomInt(LOWEST_PORT, HIGHEST_PORT);
  const row = Array.from({ length: count }, (_, offset) => first + offset);
  const free = await Promise.all(row.map(isPortFree));
  return free.every(Boolean) ? first : firstFree(undefined, count);
}
