import { randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { isPortFree } from './free-port.js';

/** Below the range for outgoing connections, so that a port is still free at the next start. */
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;
/** Number of demo apps; each listens on its own port, in a row. */
export const DEMO_APPS = 3;

const portsSchema = z.object({ nats: z.int(), live: z.int(), demoApps: z.int() });
/** Ports that stay the same across starts, because scripts and registered apps refer to them. */
export type Ports = z.infer<typeof portsSchema>;

/** The ports of the last start if they are free, otherwise others; stored in `file`. */
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

/** The first of `count` consecutive free ports: `wanted` if possible. */
async function firstFree(wanted: number | undefined, count: number): Promise<number> {
  const first = wanted ?? randomInt(LOWEST_PORT, HIGHEST_PORT);
  const row = Array.from({ length: count }, (_, offset) => first + offset);
  const free = await Promise.all(row.map(isPortFree));
  return free.every(Boolean) ? first : firstFree(undefined, count);
}
