import { type Annotate, type AppDescription, type ClamsApp, createApp, type ParametersOf } from '#libs/clams';
import type { Logger, RunningService } from '#libs/runtime';
import { withLog } from './call-log.js';
import type { DemoAppsConfig } from './demo-apps.config.js';
import { findNames } from './entities/entities.app.js';
import { entitiesMetadata } from './entities/entities.metadata.js';
import { findShots } from './shots/shots.app.js';
import { shotsMetadata } from './shots/shots.metadata.js';
import { findText } from './text/text.app.js';
import { textMetadata } from './text/text.metadata.js';
import { TextReader } from './text/text-reader.js';

/** The running apps. */
export interface DemoApps extends RunningService {
  /** URLs of `shots`, `text` and `entities`. */
  readonly urls: readonly string[];
}

/** Starts the apps on PORT and the next ports; with PORT 0, on any free ports. Rejects if a port is in use. */
export async function startDemoApps({ HOST, PORT }: DemoAppsConfig, logger: Logger): Promise<DemoApps> {
  const reader = new TextReader();
  const app = <const Description extends AppDescription>(
    metadata: Description,
    annotate: Annotate<ParametersOf<Description>>,
  ) => createApp({ metadata, annotate: withLog(annotate, logger.child({ app: metadata.name })) });
  const apps = [app(shotsMetadata, findShots), app(textMetadata, findText(reader)), app(entitiesMetadata, findNames)];
  const urls = await listenInRow(apps, HOST, PORT);
  logger.info({ urls }, 'listening');
  return {
    urls,
    close: async () => {
      await Promise.all(apps.map((running) => running.close()));
      await reader.close();
    },
  };
}

async function listenInRow(apps: readonly ClamsApp[], host: string, port: number): Promise<string[]> {
  const urls: string[] = [];
  for (const [offset, app] of apps.entries()) {
    const { url } = await app.listen(port === 0 ? 0 : port + offset, host);
    urls.push(url);
  }
  return urls;
}
