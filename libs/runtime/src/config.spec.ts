import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, describeConfig, loadConfig } from './config.js';
import {
  accessConfig,
  commaList,
  folderList,
  healthConfig,
  listenConfig,
  logConfig,
  natsConfig,
  postgresConfig,
} from './config-fragments.js';

const schema = z.object({
  ...logConfig,
  ...natsConfig,
  ...postgresConfig,
  ...accessConfig,
  ...healthConfig,
  ...listenConfig(8080),
  HOSTS: commaList.default(['127.0.0.1', 'localhost']).describe('Hosts.'),
  FOLDERS: folderList.describe('Folders.'),
});
const complete = {
  NATS_URL: 'nats://broker:4222',
  DATABASE_URL: 'postgres://user:word@database/chowda',
  ACCESS_TOKEN: 't'.repeat(32),
  FOLDERS: '/media:/archive',
};

function messageOf(source: Record<string, string>): string {
  try {
    loadConfig(schema, source);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

describe(loadConfig, () => {
  it('reads variables and applies defaults', () => {
    expect(loadConfig(schema, { ...complete, PORT: '9000', HEALTH_PORT: '9001', HOSTS: ' a , b,' })).toEqual({
      ...complete,
      LOG_LEVEL: 'info',
      HOST: '127.0.0.1',
      PORT: 9000,
      HEALTH_PORT: 9001,
      HOSTS: ['a', 'b'],
      FOLDERS: ['/media', '/archive'],
    });
  });

  it('treats an empty variable as absent', () => {
    expect(loadConfig(schema, { ...complete, PORT: '', HEALTH_PORT: '' })).toMatchObject({ PORT: 8080 });
    expect(messageOf({ ...complete, NATS_URL: '' })).toContain('NATS_URL: is missing');
  });

  it('names every invalid variable and its problem in one error', () => {
    const message = messageOf({ DATABASE_URL: 'mysql://host', ACCESS_TOKEN: 'short', PORT: 'http', FOLDERS: 'media' });
    for (const line of [
      'NATS_URL: is missing',
      'DATABASE_URL: must begin with postgres://',
      'ACCESS_TOKEN: must have at least 32 characters',
      'FOLDERS: must contain absolute paths of folders',
    ]) {
      expect(message).toContain(line);
    }
    expect(message).toMatch(/^ {2}PORT: /m);
  });

  it('shows no values', () => {
    const secrets = { DATABASE_URL: 'mysql://root:hunter2@host', ACCESS_TOKEN: 'hunter2', LOG_LEVEL: 'hunter2' };
    const message = messageOf({ ...secrets, NATS_URL: 'http://hunter2', PORT: 'hunter2', FOLDERS: 'hunter2' });
    expect(message.split('\n')).toHaveLength(7);
    expect(message).not.toContain('hunter2');
  });

  it('rejects a port above 65535', () => {
    expect(messageOf({ ...complete, PORT: '65536' })).toContain('PORT: ');
  });

  it('returns an immutable configuration', () => {
    const config = loadConfig(schema, complete) as { PORT: number };
    expect(() => {
      config.PORT = 1;
    }).toThrow(TypeError);
  });
});

describe(describeConfig, () => {
  const variables = describeConfig(schema);
  const fallbackOf = (wanted: string) => variables.find(({ name }) => name === wanted)?.fallback;

  it('returns defaults as a user would write them, and null for a required variable', () => {
    expect(fallbackOf('PORT')).toBe('8080');
    expect(fallbackOf('HOSTS')).toBe('127.0.0.1,localhost');
    expect(fallbackOf('HEALTH_PORT')).toBe('');
    expect(fallbackOf('NATS_URL')).toBeNull();
    expect(fallbackOf('FOLDERS')).toBeNull();
  });

  it('describes a default that differs between processes', () => {
    const own = z.object({ ID: z.string().default('host-17').meta({ description: 'Id.', fallback: '<host>-<pid>' }) });
    expect(describeConfig(own)).toEqual([{ name: 'ID', description: 'Id.', fallback: '<host>-<pid>' }]);
  });

  it('describes each variable in a sentence', () => {
    expect(variables.filter(({ description }) => !/^[A-Z].*\.$/.test(description))).toEqual([]);
  });
});
