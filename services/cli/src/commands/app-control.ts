import { type Command, InvalidArgumentError } from 'commander';
import { appPath } from '../connection/paths.js';
import { appSchema } from '#libs/contracts';
import { usageError } from '../exit-codes.js';
import type { Runner } from '../session.js';
import { showCommand } from './command-answer.js';
import { settingLines } from './app-lines.js';
import { amount, appArgument, positive, withExamples } from './options.js';

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

/** Commands that change or pause an app. */
export function addAppControl(apps: Command, run: Runner): void {
  withExamples(
    apps
      .command('set')
      .addArgument(appArgument())
      .description('changes the settings of an app; takes effect immediately')
      .option('--concurrency <number>', 'documents that the app processes at the same time', positive)
      .option('--deadline <seconds>', 'time limit for one document', positive)
      .option('--cost <amount>', 'cost of one hour of its machine, for estimates', amount)
      .option('--notes <text>', 'notes for other users')
      .option('--retry <outcome=attempts:seconds>', 'retry rule for an outcome; can be repeated', withRetryRule)
      .option('--enable', 'allow new pipelines to use the app')
      .option('--disable', 'do not allow new pipelines to use the app; existing ones continue')
      .action(
        run<SetOptions>(async ({ api, output }, [slug], { deadline, cost, enable, disable, ...same }) => {
          if (enable && disable) throw usageError('--enable and --disable exclude each other.');
          const enabled = enable ? true : disable ? false : undefined;
          const changes = { ...same, deadlineSeconds: deadline, costPerHour: cost, enabled };
          if (Object.values(changes).every((value) => value === undefined))
            throw usageError('Nothing to change. "chowda apps set --help" lists the settings.');
          await output.show(await api.send('PATCH', appPath(slug!), { json: changes }), appSchema, settingLines);
        }),
      ),
    'apps set chowda-text_v1-0 --concurrency 4',
    'apps set whisper_v9 --cost 1.2 --retry timeout=1:600 --retry out-of-memory=0:0',
  );
  withExamples(
    apps
      .command('pause')
      .addArgument(appArgument())
      .description('stops sending documents to an app; calls in progress continue')
      .option('--why <text>', 'reason, shown with the app', '')
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
      .addArgument(appArgument())
      .description('resumes a paused app')
      .action(
        run(async (session, [slug]) => showCommand(session, await session.api.send('POST', appPath(slug!, 'resume')))),
      ),
    'apps resume chowda-text_v1-0',
  );
}

/** Parses `timeout=2:60` and adds it to the rules of earlier options. */
function withRetryRule(text: string, before: Readonly<Record<string, RetryRule>> = {}): Record<string, RetryRule> {
  const rule = /^([a-z-]+)=(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (!rule)
    throw new InvalidArgumentError(
      'Expected <outcome>=<attempts>:<seconds>, such as timeout=2:60 for two more attempts, the first after 60 s.',
    );
  return { ...before, [rule[1]!]: { attempts: Number(rule[2]), delaySeconds: Number(rule[3]) } };
}
