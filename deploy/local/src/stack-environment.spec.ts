import { describe, expect, it } from '@jest/globals';
import { inheritedEnvironment, serviceEnvironments } from './stack-environment.js';

const environments = serviceEnvironments({
  databaseUrl: 'postgres://database',
  natsUrl: 'nats://broker',
  httpPort: 8080,
  livePort: 8081,
  demoAppsPort: 8091,
  accessToken: 'token',
  signInCode: 'code',
  mediaFolders: ['/media/samples', '/media/own'],
  webFolder: '/web',
});
const holders = (variable: string) =>
  Object.entries(environments)
    .filter(([, environment]) => variable in environment)
    .map(([service]) => service);

describe(serviceEnvironments, () => {
  it('passes the database URL to the gateway and the scheduler only', () => {
    expect(holders('DATABASE_URL')).toEqual(['scheduler', 'gateway']);
  });

  it('passes the access token only to the services that browsers connect to', () => {
    expect(holders('ACCESS_TOKEN')).toEqual(['notifier', 'gateway']);
  });

  it('does not pass the NATS URL to the demo apps', () => {
    expect(holders('NATS_URL')).toEqual(['scheduler', 'worker', 'notifier', 'gateway']);
  });

  it('allows only the web page to open the live socket', () => {
    expect(environments.notifier).toMatchObject({
      PORT: '8081',
      ALLOWED_ORIGINS: 'http://127.0.0.1:8080,http://localhost:8080',
    });
    expect(environments.gateway).toMatchObject({ PORT: '8080', LIVE_URL: 'http://127.0.0.1:8081' });
  });
});

describe(inheritedEnvironment, () => {
  it('keeps ordinary variables and removes addresses and secrets', () => {
    const shell = { PATH: '/bin', LOG_LEVEL: 'debug', DATABASE_URL: 'postgres://secret', ACCESS_TOKEN: 'secret' };
    expect(inheritedEnvironment(shell)).toEqual({ PATH: '/bin', LOG_LEVEL: 'debug' });
  });
});
