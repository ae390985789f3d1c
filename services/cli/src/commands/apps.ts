import type { Command } from 'commander';
import { setTimeout as delay } from 'node:timers/promises';
import { appDetailSchema, appHealthSchema, appSchema, refreshedAppSchema, registeredAppSchema } from '#libs/contracts';
import { CliError } from '../exit-codes.js';
import { understood } from '../output/output.js';
import { tableLines } from '../output/table.js';
import { type Runner, type Session, showList } from '../session.js';
import { addAppOrders } from './app-orders.js';
import { appPath } from './app-path.js';
import { ANSWER_COLUMNS, appLines, healthLines, usableWords } from './app-words.js';
import { positive, withExamples } from './arguments.js';

const SECOND = 1000;
const READY_WITHIN = 60 * SECOND;
const ASK_EVERY = SECOND / 4;

interface AddOptions {
  readonly concurrency?: number;
  readonly deadline?: number;
}

/** `chowda apps`: the registry of CLAMS apps. */
export function addAppCommands(program: Command, run: Runner): void {
  const apps = program.command('apps').description('CLAMS apps: add, list, show, health, refresh, set, pause, resume');
  withExamples(
    apps
      .command('add')
      .argument('<url>', 'where the app answers')
      .description('registers an app by its address, and waits until pipelines may use it')
      .option('--concurrency <number>', 'documents it works on at once', positive)
      .option('--deadline <seconds>', 'how long it may take for one document', positive)
      .action(run<AddOptions>(addApp)),
    'apps add http://127.0.0.1:8090',
    'apps add http://gpu1.example.org:5000 --concurrency 2 --deadline 7200',
  );
  withExamples(
    apps
      .command('list')
      .description('lists the registered apps')
      .action(
        run(async (session) => {
          await showList(session, { path: '/api/apps', item: appSchema, none: 'No apps: add one.' }, [
            { title: 'App', of: ({ slug }) => slug },
            { title: 'Name', of: ({ name }) => name },
            { title: 'At once', of: ({ concurrency }) => concurrency },
            { title: 'Usable', of: (app) => (app.paused ? 'paused' : usableWords(app)) },
            { title: 'Address', of: ({ url }) => url },
          ]);
        }),
      ),
    'apps list',
  );
  withExamples(
    apps
      .command('show')
      .argument('<slug>', 'the app')
      .description('shows what an app reads and writes, and the parameters it takes')
      .action(
        run(async ({ api, output }, [slug]) => {
          await output.show(await api.get(appPath(slug!)), appDetailSchema, appLines);
        }),
      ),
    'apps show chowda-text_v1-0',
  );
  addLookingAfter(apps, run);
  addAppOrders(apps, run);
}

function addLookingAfter(apps: Command, run: Runner): void {
  withExamples(
    apps
      .command('health')
      .argument('<slug>', 'the app')
      .description('asks an app whether it answers, and shows its last answers')
      .action(
        run(async ({ api, output }, [slug]) => {
          await output.show(await api.get(appPath(slug!, 'health')), appHealthSchema, (health) => [
            ...healthLines(health),
            ...(health.answers.length > 0 ? tableLines(ANSWER_COLUMNS, health.answers, output.width) : []),
          ]);
        }),
      ),
    'apps health chowda-text_v1-0',
  );
  withExamples(
    apps
      .command('refresh')
      .argument('<slug>', 'the app')
      .description('reads the metadata of an app again; pipelines that are saved stay as they are')
      .option('--dry-run', 'only show what has changed')
      .action(
        run<{ dryRun?: boolean }>(async ({ api, output }, [slug], { dryRun }) => {
          const answer = await api.send('POST', appPath(slug!, 'refresh'), { json: { dryRun } });
          await output.show(answer, refreshedAppSchema, ({ changes }) =>
            changes.length === 0 ? ['Nothing has changed.'] : changes,
          );
        }),
      ),
    'apps refresh chowda-text_v1-0 --dry-run',
  );
}

async function addApp(session: Session, [url]: string[], { concurrency, deadline }: AddOptions): Promise<void> {
  const { api, output } = session;
  const answer = await api.send('POST', '/api/apps', { json: { url, concurrency, deadlineSeconds: deadline } });
  const { slug } = understood(registeredAppSchema, answer.body);
  await untilUsable(session, slug);
  await output.show(answer, registeredAppSchema, ({ name, version, changes }) => [
    `${name} ${version} is registered as ${slug}.`,
    ...changes,
  ]);
}

async function untilUsable({ api, signal }: Session, slug: string): Promise<void> {
  for (let waited = 0; waited < READY_WITHIN; waited += ASK_EVERY) {
    if (understood(appSchema, (await api.get(appPath(slug))).body).ready) return;
    await delay(ASK_EVERY, undefined, { signal });
  }
  throw new CliError(
    `${slug} is registered, and not usable yet: is the scheduler running? "chowda apps list" shows when it is.`,
  );
}
