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
  it('reads what is set and fills in the defaults', () => {
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

  it('takes an empty variable for an absent one', () => {
    expect(loadConfig(schema, { ...complete, PORT: '', HEALTH_PORT: '' })).toMatchObject({ PORT: 8080 });
    expect(messageOf({ ...complete, NATS_URL: '' })).toContain('NATS_URL: is missing');
  });

  it('names every wrong variable at once, with what is wrong', () => {
    const message = messageOf({ DATABASE_URL: 'mysql://host', ACCESS_TOKEN: 'short', PORT: 'http', FOLDERS: 'media' });
    for (const line of [
      'NATS_URL: is missing',
      'DATABASE_URL: must begin with postgres://',
      'ACCESS_TOKEN: must have at least 32 characters',
      'FOLDERS: must hold absolute folders',
    ]) {
      expect(message).toContain(line);
    }
    expect(message).toMatch(/^ {2}PORT: /m);
  });

  it('does not show the value of any variable', () => {
    const secrets = { DATABASE_URL: 'mysql://root:hunter2@host', ACCESS_TOKEN: 'hunter2', LOG_LEVEL: 'hunter2' };
    const message = messageOf({ ...secrets, NATS_URL: 'http://hunter2', PORT: 'hunter2', FOLDERS: 'hunter2' });
    expect(message.split('\n')).toHaveLength(7);
    expect(message).not.toContain('hunter2');
  });

  it('does not take a port beyond the last one', () => {
    expect(messageOf({ ...complete, PORT: '65536' })).toContain('PORT: ');
  });

  it('does not let the configuration be changed', () => {
    const config = loadConfig(schema, complete) as { PORT: number };
    expect(() => {
      config.PORT = 1;
    }).toThrow(TypeError);
  });
});

describe(describeConfig, () => {
  const variables = describeConfig(schema);
  const fallbackOf = (wanted: string) => variables.find(({ name }) => name === wanted)?.fallback;

  it('tells the default as one would write it, and null where there is none', () => {
    expect(fallbackOf('PORT')).toBe('8080');
    expect(fallbackOf('HOSTS')).toBe('127.0.0.1,localhost');
    expect(fallbackOf('HEALTH_PORT')).toBe('');
    expect(fallbackOf('NATS_URL')).toBeNull();
    expect(fallbackOf('FOLDERS')).toBeNull();
  });

  it('tells a default in words where it differs from process to process', () => {
    const own = z.object({ ID: z.string().default('host-17').meta({ description: 'Id.', fallback: '<host>-<pid>' }) });
    expect(describeConfig(own)).toEqual([{ name: 'ID', description: 'Id.', fallback: '<host>-<pid>' }]);
  });

  it('tells what each variable is for', () => {
    expect(variables.filter(({ description }) => !/^[A-Z].*\.$/.test(description))).toEqual([]);
  });
});
