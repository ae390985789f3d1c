import { z } from 'zod';
import { listenConfig, logConfig } from '#libs/runtime';

const DEFAULT_PORT = 8090;

/** Environment of the demo apps: the first listens on PORT, the others on the next ports. */
export const demoAppsConfig = z.object({ ...logConfig, ...listenConfig(DEFAULT_PORT) });
export type DemoAppsConfig = Readonly<z.infer<typeof demoAppsConfig>>;
