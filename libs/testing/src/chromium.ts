import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Program names of Chromium in common distributions. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** Without these options, a browser in a closed network tries many hosts on the internet. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Options for `chromium.launch()` of playwright-core. */
export interface ChromiumLaunch {
  readonly executablePath: string;
  readonly headless: true;
  readonly args: string[];
  readonly env?: Record<string, string>;
}

/** Finds a browser: the variable CHROMIUM, PATH, or the npm package @sparticuz/chromium. */
export async function chromiumLaunch(): Promise<ChromiumLaunch> {
  const installed = process.env['CHROMIUM'] || findOnPath();
  return installed ? { executablePath: installed, headless: true, args: QUIET } : unpackChromium();
}

/**
 * Unpacks the Linux x86-64 browser of the npm package into the temporary folder, with the libraries and fonts that a machine
 * without a desktop lacks. The package unpacks those only on AWS Lambda, so its variable is set.
 */
async function unpackChromium(): Promise<ChromiumLaunch> {
  const before = { ...process.env };
  process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs20.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  const executablePath = await packaged.executablePath();
  // The import sets variables for the browser that other programs must not inherit.
  for (const name of ['AWS_LAMBDA_JS_RUNTIME', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH']) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  const env = { LD_LIBRARY_PATH: join(tmpdir(), 'al2023', 'lib'), FONTCONFIG_PATH: join(tmpdir(), 'fonts') };
  return { executablePath, headless: true, args: [...QUIET, '--no-zygote'], env: { ...defined(before), ...env } };
}

const defined = (environment: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

function findOnPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
