import { delimiter, isAbsolute } from 'node:path';
import { z } from 'zod';

const list = (separator: string) =>
  z.string().transform((text) =>
    text
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

const port = z.coerce.number().int().min(0).max(65_535);

export const logConfig = {
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('Minimum level of log lines.'),
};

export const natsConfig = {
  NATS_URL: z
    .string()
    .regex(/^(nats|tls):\/\/[^,\s]+(,(nats|tls):\/\/[^,\s]+)*$/, 'must begin with nats:// or tls://')
    .describe('Address of the NATS server, or addresses of cluster members, separated by commas.'),
};

export const postgresConfig = {
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .describe('Address of the Postgres database, including user and password.'),
};

/** Host and port on which a service listens, with its default port. */
export const listenConfig = (defaultPort: number) => ({
  HOST: z.string().default('127.0.0.1').describe('Address to listen on.'),
  PORT: port.default(defaultPort).describe('Port to listen on.'),
});

export const healthConfig = {
  HEALTH_PORT: port.optional().describe('Port of `GET /healthz`; not served by default.'),
};

export const accessConfig = {
  ACCESS_TOKEN: z
    .string()
    .min(32, 'must have at least 32 characters')
    .describe('Bearer token for scripts. Session cookies are signed with a key derived from it.'),
};

/** Comma-separated list. */
export const commaList = list(',');
/** Absolute folders, separated as in PATH. */
export const folderList = list(delimiter).refine((folders) => folders.every((folder) => isAbsolute(folder)), {
  message: 'must contain absolute paths of folders',
});
