import { type Command, InvalidArgumentError } from 'commander';
import { appSchema } from '#libs/contracts';
import { usageError } from '../exit-codes.js';
import type { Runner } from '../session.js';
import { showCommand } from './answers.js';
import { appPath } from './app-path.js';
import { settingLines } from './app-words.js';
import { amount, positive, withExamples } from './arguments.js';

interface SetOptions {
  readonly concurrency?: number;
  readonly deadline?: number;
  readonly cost?: number;
  readonly notes?: string;
  readonly retry?: Readonly<Record<string, RetryRule>>;
  readonly enable?: boolean;
  readonly disable?: boolean;
}

interface RetryRule {
  readonly attempts: number;
  readonly delaySeconds: number;
}

/** What people do to an app. */
export function addAppOrders(apps: Command, run: Runner): void {
  withExamples(
    apps
      .command('set')
      .argument('<slug>', 'the app')
      .description('changes how an app is used; it counts at once')
      .option('--concurrency <number>', 'documents it works on at once', positive)
      .option('--deadline <seconds>', 'how long it may take for one document', positive)
      .option('--cost <amount>', 'of an hour of its machine, for estimates', amount)
      .option('--notes <text>', 'what colleagues should know of it')
      .option('--retry <outcome=attempts:seconds>', 'how it is tried again, for each outcome', withRule)
      .option('--enable', 'new pipelines may choose it')
      .option('--disable', 'new pipelines may not choose it; what uses it goes on')
      .action(
        run<SetOptions>(async ({ api, output }, [slug], { deadline, cost, enable, disable, ...same }) => {
          if (enable && disable) throw usageError('Choose one of --enable and --disable.');
          const enabled = enable ? true : disable ? false : undefined;
          const changes = { ...same, deadlineSeconds: deadline, costPerHour: cost, enabled };
          if (Object.values(changes).every((value) => value === undefined))
            throw usageError('Say what is to change: "chowda apps set --help" shows what can be.');
          await output.show(await api.send('PATCH', appPath(slug!), { json: changes }), appSchema, settingLines);
        }),
      ),
    'apps set chowda-text_v1-0 --concurrency 4',
    'apps set whisper_v9 --cost 1.2 --retry timeout=1:600 --retry out-of-memory=0:0',
  );
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

/** Reads `timeout=2:60`, on top of the rules before it. */
export function withRule(text: string, before: Readonly<Record<string, RetryRule>> = {}): Record<string, RetryRule> {
  const rule = /^([a-z-]+)=(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (!rule)
    throw new InvalidArgumentError('It reads like timeout=2:60, two more attempts, the first after 60 seconds.');
  return { ...before, [rule[1]!]: { attempts: Number(rule[2]), delaySeconds: Number(rule[3]) } };
}
