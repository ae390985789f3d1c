import type { Command } from 'commander';
import { appPath } from '../connection/paths.js';
import { setTimeout as delay } from 'node:timers/promises';
import { appDetailSchema, appHealthSchema, appSchema, refreshedAppSchema, registeredAppSchema } from '#libs/contracts';
import { CliError } from '../exit-codes.js';
import { parseAnswer } from '../output/output.js';
import { tableLines } from '../output/table.js';
import { type Runner, type Session, showList } from '../session.js';
import { addAppControl } from './app-control.js';
import { ANSWER_COLUMNS, appLines, healthLines, usableLabel } from './app-lines.js';
import { appArgument, positive, withExamples } from './options.js';

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
      .argument('<url>', 'URL of the app')
      .description('registers an app by its URL and waits until pipelines can use it')
      .option('--concurrency <number>', 'documents that the app processes at the same time', positive)
      .option('--deadline <seconds>', 'time limit for one document', positive)
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
          await showList(
            session,
            { path: '/api/apps', item: appSchema, none: 'No apps. "chowda apps add" registers one.' },
            [
              { title: 'App', of: ({ slug }) => slug },
              { title: 'Name', of: ({ name }) => name },
              { title: 'Concurrency', of: ({ concurrency }) => concurrency },
              { title: 'Usable', of: (app) => (app.paused ? 'paused' : usableLabel(app)) },
              { title: 'Address', of: ({ url }) => url },
            ],
          );
        }),
      ),
    'apps list',
  );
  withExamples(
    apps
      .command('show')
      .addArgument(appArgument())
      .description('shows the input types, output types and parameters of an app')
      .action(
        run(async ({ api, output }, [slug]) => {
          await output.show(await api.get(appPath(slug!)), appDetailSchema, appLines);
        }),
      ),
    'apps show chowda-text_v1-0',
  );
  addMaintenance(apps, run);
  addAppControl(apps, run);
}

function addMaintenance(apps: Command, run: Runner): void {
  withExamples(
    apps
      .command('health')
      .addArgument(appArgument())
      .description('checks whether an app responds, and shows its latest responses')
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
      .addArgument(appArgument())
      .description('reads the metadata of an app again; saved pipelines do not change')
      .option('--dry-run', 'only show the changes')
      .action(
        run<{ dryRun?: boolean }>(async ({ api, output }, [slug], { dryRun }) => {
          const answer = await api.send('POST', appPath(slug!, 'refresh'), { json: { dryRun } });
          await output.show(answer, refreshedAppSchema, ({ changes }) =>
            changes.length === 0 ? ['No changes.'] : changes,
          );
        }),
      ),
    'apps refresh chowda-text_v1-0 --dry-run',
  );
}

async function addApp(session: Session, [url]: string[], { concurrency, deadline }: AddOptions): Promise<void> {
  const { api, output } = session;
  const answer = await api.send('POST', '/api/apps', { json: { url, concurrency, deadlineSeconds: deadline } });
  const { slug } = parseAnswer(registeredAppSchema, answer.body);
  await untilUsable(session, slug);
  await output.show(answer, registeredAppSchema, ({ name, version, changes }) => [
    `${name} ${version} is registered as ${slug}.`,
    ...changes,
  ]);
}

async function untilUsable({ api, signal }: Session, slug: string): Promise<void> {
  for (let waited = 0; waited < READY_WITHIN; waited += ASK_EVERY) {
    if (parseAnswer(appSchema, (await api.get(appPath(slug))).body).ready) return;
    await delay(ASK_EVERY, undefined, { signal });
  }
  throw new CliError(
    `${slug} is registered but not usable after 60 s. Check that the scheduler is running; "chowda apps list" shows when the app becomes usable.`,
  );
}
