import { join } from 'node:path';
import pg from 'pg';
import {
  freePort,
  inheritedEnvironment,
  type RunningProcess,
  type ServiceName,
  serviceScript,
  startNodeService,
} from '#deploy/local';
import { type ScriptedApp, startScriptedApp, startTestNats, type TestNats, testFolder, waitFor } from '#libs/testing';
import { type Answer, HttpClient } from '../http-client.js';
import { ACCESS_TOKEN, TestGateway } from '../test-gateway.js';
import { type Moment, startLethalProxy } from './lethal-proxy.js';

/** Arbitrary key of the advisory lock that blocks a statement with the trigger. */
const STOP = 4711;
const AUTHORIZED = { authorization: `Bearer ${ACCESS_TOKEN}` };
/** Tables that the scheduler writes periodically. */
const BESIDE = ['batch_blocks', 'batch_samples', 'stream_positions'];

/** A gateway in its own process. */
export interface GatewayProcess {
  readonly process: RunningProcess;
  readonly port: number;
  readonly client: HttpClient;
}

/** Sends a request. */
export type Send = (client: HttpClient) => Promise<Answer>;

/** Point of the kill: a statement, such as "insert on runs", or a moment in the traffic with the client. */
export type Place = string | Moment;

/** Real servers, with gateways in real processes that are killed with `kill -9`. */
export class KillStage {
  private next: Promise<GatewayProcess> | undefined;
  private gateways = 0;
  private readonly others: RunningProcess[] = [];

  private constructor(
    /** Gateway in this process, with the same database, that prepares the data. */
    readonly seed: TestGateway,
    readonly nats: TestNats,
    readonly scripted: ScriptedApp,
    /** Slug of the app of all stages. */
    readonly app: string,
    private readonly postgres: pg.Client,
    private readonly folder: string,
    private readonly inherited: ReturnType<typeof inheritedEnvironment>,
  ) {}

  /** Started processes inherit the variables that they need from this environment. */
  static async open(environment: NodeJS.ProcessEnv): Promise<KillStage> {
    const nats = await startTestNats();
    const seed = await TestGateway.start();
    const scripted = await startScriptedApp({ name: 'shots' });
    const app = await seed.readyApp(scripted.url);
    const postgres = new pg.Client({ connectionString: seed.databaseUrl });
    await postgres.connect();
    await postgres.query(`
      create function stop_here() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock_shared(${STOP}); return new; end $$`);
    const inherited = inheritedEnvironment(environment);
    return new KillStage(seed, nats, scripted, app, postgres, await testFolder('killed-gateway'), inherited);
  }

  async close(): Promise<void> {
    await (await this.next)?.process.stop();
    await Promise.all(this.others.map((process) => process.stop()));
    await this.postgres.end();
    await Promise.all([this.seed.close(), this.scripted.close()]);
    await this.nats.stop();
  }

  /** A running gateway, reused when there is one. */
  async gateway(): Promise<GatewayProcess> {
    this.next ??= this.startGateway();
    return this.next;
  }

  /** Stops using the running gateway. */
  async kill({ process }: GatewayProcess): Promise<void> {
    process.kill();
    await process.exited;
    this.next = undefined;
  }

  /** Starts the scheduler. */
  async startScheduler(): Promise<RunningProcess> {
    const scheduler = await this.start('scheduler', 'scheduler', {});
    this.others.push(scheduler);
    return scheduler;
  }

  /**
   * Kills the gateway at `place` during a command, starts another gateway, and repeats the command twice. Returns both
   * answers.
   */
  async killedAt(place: Place, send: Send): Promise<[Answer, Answer]> {
    if (place === 'answered' || place === 'half-sent') await this.killBetween(place, send);
    else await this.killAtStatement(place, send);
    const { client } = await this.gateway();
    return [await send(client), await send(client)];
  }

  /** Change in the number of rows, for each table where `work` changed it. */
  async rowsOf(work: () => Promise<unknown>): Promise<Record<string, number>> {
    const before = await this.countRows();
    await work();
    const after = await this.countRows();
    const changes = Object.entries(after).map(([table, rows]) => [table, rows - before[table]!] as const);
    return Object.fromEntries(changes.filter(([, rows]) => rows !== 0));
  }

  private async killBetween(moment: Moment, send: Send): Promise<void> {
    const victim = await this.gateway();
    const proxy = await startLethalProxy(victim.port, moment, () => victim.process.kill());
    await expectBroken(send(new HttpClient(proxy.url, AUTHORIZED)));
    await this.kill(victim);
    await proxy.close();
  }

  /** Waits until the statement has ended: the gateway's transaction is rolled back, or the scheduler has committed its own. */
  private async killAtStatement(place: string, send: Send): Promise<void> {
    await this.postgres.query(`create trigger stop_here before ${place} for each row execute function stop_here()`);
    await this.postgres.query('select pg_advisory_lock($1)', [STOP]);
    const victim = await this.gateway();
    const broken = expectBroken(send(victim.client));
    await waitFor(() => this.isStopped(), { what: `The statement ${place}` });
    await this.kill(victim);
    await broken;
    await this.postgres.query('select pg_advisory_unlock($1)', [STOP]);
    await this.postgres.query(`drop trigger stop_here on ${place.split(' on ')[1]}`);
  }

  private async isStopped(): Promise<boolean> {
    const { rows } = await this.postgres.query(
      "select 1 from pg_locks where locktype = 'advisory' and objid = $1 and not granted",
      [STOP],
    );
    return rows.length > 0;
  }

  private async countRows(): Promise<Record<string, number>> {
    const { rows } = await this.postgres.query<{ name: string }>(
      "select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
    );
    const counts = rows
      .filter(({ name }) => !BESIDE.includes(name))
      .map(({ name }) => `select '${name}' as name, count(*)::int as count from ${name}`);
    const counted = await this.postgres.query<{ name: string; count: number }>(counts.join(' union all '));
    return Object.fromEntries(counted.rows.map(({ name, count }) => [name, count]));
  }

  private async startGateway(): Promise<GatewayProcess> {
    const port = await freePort();
    this.gateways += 1;
    const process = await this.start('gateway', `gateway-${this.gateways}`, {
      ACCESS_TOKEN,
      HOST: '127.0.0.1',
      PORT: String(port),
      MEDIA_FOLDERS: this.seed.mediaFolder,
      WEB_FOLDER: join(this.folder, 'web'),
    });
    return { process, port, client: new HttpClient(`http://127.0.0.1:${port}`, AUTHORIZED) };
  }

  private start(kind: ServiceName, name: string, own: Readonly<Record<string, string>>): Promise<RunningProcess> {
    const { databaseUrl } = this.seed;
    const servers = { LOG_LEVEL: 'warn', NATS_URL: this.nats.url, DATABASE_URL: databaseUrl };
    const environment = { ...this.inherited, ...servers, ...own };
    return startNodeService({ name, script: serviceScript(kind), logFolder: this.folder, environment });
  }
}

/** The result is unknown to the client. */
async function expectBroken(sent: Promise<Answer>): Promise<void> {
  const answer = await sent.catch(() => null);
  if (answer) throw new Error(`The gateway was to be killed, and has answered: ${answer.bytes.toString()}`);
}
