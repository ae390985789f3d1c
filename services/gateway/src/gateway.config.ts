import { z } from 'zod';
import {
  accessConfig,
  commaList,
  folderList,
  listenConfig,
  logConfig,
  natsConfig,
  postgresConfig,
} from '#libs/runtime';

const DEFAULT_PORT = 8080;

/** Environment variables of the gateway. */
export const gatewayConfig = z.object({
  ...logConfig,
  ...natsConfig,
  ...postgresConfig,
  ...accessConfig,
  ...listenConfig(DEFAULT_PORT),
  SIGN_IN_CODE: z
    .string()
    .min(16, 'must have at least 16 characters')
    .optional()
    .describe('Code of the one-time sign-in link `/sign-in?code=`; unset: there is no such link.'),
  ALLOWED_HOSTS: commaList
    .default([])
    .describe('Host names that the gateway accepts in addition to 127.0.0.1 and localhost, comma-separated.'),
  MEDIA_FOLDERS: folderList.describe('Absolute folders that contain media files, separated as in PATH.'),
  APP_HOSTS: commaList
    .default(['127.0.0.1', 'localhost'])
    .describe('Hosts on which CLAMS apps may be registered, comma-separated.'),
  LIVE_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:8081')
    .describe('URL of the notifier, to which `/socket.io` is forwarded.'),
  COMMANDS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .default(6000)
    .describe('Maximum commands per minute of one user or program.'),
  WEB_FOLDER: z.string().default('dist/web').describe('Folder of the built web client.'),
});
/** Injection token of the configuration. */
export const GATEWAY_CONFIG = Symbol('gateway configuration');
export type GatewayConfig = Readonly<z.infer<typeof gatewayConfig>>;
