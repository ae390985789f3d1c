import type { Command } from 'commander';
import { setTimeout as delay } from 'node:timers/promises';
import { type AppDetailView, appDetailSchema, appSchema, registeredAppSchema } from '#libs/contracts';
import { CliError } from '../exit-codes.js';
import { understood } from '../output/output.js';
import { fieldLines } from '../output/table.js';
import { type Runner, type Session, showList } from '../session.js';
import { showCommand } from './answers.js';
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
  const apps = program.command('apps').description('CLAMS apps: add, list, show, pause, resume');
  addRegistry(apps, run);
  withExamples(
    apps
      .command('pause')
      .argument('<slug>', 'the app')
      .description('hands no more documents to an app; what it works on goes on')
      .option('--why <text>', 'shown to everybody who looks at the app', '')
      .action(
        run<{ why: string }>(async (session, [slug], { why }) =>
          showCommand(session, await session.api.send('POST', appPath(slug!, 'pause'), { json: { why } })),
        ),
      ),
    'apps pause chowda-text_v1-0 --why "GPU maintenance until noon"',
  );
  withExamples(
    apps
      .command('resume')
      .argument('<slug>', 'the app')
      .description('lets a paused app go on')
      .action(
        run(async (session, [slug]) => showCommand(session, await session.api.send('POST', appPath(slug!, 'resume')))),
      ),
    'apps resume chowda-text_v1-0',
  );
}

const appPath = (slug: string, verb?: string): string =>
  `/api/apps/${encodeURIComponent(slug)}${verb === undefined ? '' : `/${verb}`}`;

function addRegistry(apps: Command, run: Runner): void {
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
            { title: 'Usable', of: ({ ready }) => (ready ? 'yes' : 'not yet') },
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

function appLines(app: AppDetailView): string[] {
  const input = app.input.map(({ oneOf, required }) => `${oneOf.join(' or ')}${required ? '' : ' (optional)'}`);
  const parameters = app.parameters.map(({ name, type, multivalued, choices, required, default: fallback }) => {
    const kind = `${multivalued ? 'list of ' : ''}${type}${choices ? ` (${choices.join(', ')})` : ''}`;
    const absent = required ? 'required' : fallback === null ? '' : `default ${JSON.stringify(fallback)}`;
    return `  ${[name, kind, absent].filter((part) => part !== '').join('  ')}`;
  });
  return [
    ...fieldLines([
      ['App', app.slug],
      ['Name', `${app.name} ${app.version}`],
      ['About', app.description],
      ['Address', app.url],
      ['Usable', app.ready ? 'yes' : 'not yet'],
      ['At once', app.concurrency],
      ['Deadline', `${app.deadlineSeconds} s`],
      ['Reads', input.join(', ')],
      ['Writes', app.output.join(', ')],
    ]),
    ...(parameters.length > 0 ? ['Parameters', ...parameters] : []),
  ];
}
