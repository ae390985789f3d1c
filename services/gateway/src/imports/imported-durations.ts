import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AfterCommit, ImportsRepository } from '#libs/database';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { measureMedia } from '../media-files/measure-media.js';
import { locateMedia } from '../media-files/media-path.js';

/** Files between two writes. */
const AT_ONCE = 200;

/**
 * Measures the media files of an import once it is committed, one after the other beside what the gateway is there for.
 * What is not measured when the gateway ends stays unknown until an app tells it.
 */
@Injectable()
export class ImportedDurations implements OnApplicationShutdown {
  private isEnding = false;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly imports: ImportsRepository,
    private readonly afterCommit: AfterCommit,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Imports are measured one after the other. */
  follow(id: number): Promise<void> {
    return this.afterCommit.do(() => {
      // A database that is away, or a file: what is not known was not known before either.
      this.last = this.last.then(() => this.measure(id)).catch(() => undefined);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.isEnding = true;
    await this.last;
  }

  private async measure(id: number): Promise<void> {
    let after = 0;
    while (!this.isEnding) {
      const files = await this.imports.unmeasured(id, after, AT_ONCE);
      const last = files.at(-1);
      if (!last) return;
      after = last.n;
      const measured: { id: number; durationMs: number }[] = [];
      for (const file of files) {
        if (this.isEnding) break;
        const path = await locateMedia(file.path, this.config.MEDIA_FOLDERS).catch(() => null);
        const durationMs = path === null ? null : await measureMedia(path);
        if (durationMs !== null) measured.push({ id: file.id, durationMs });
      }
      await this.imports.measured(measured);
    }
  }
}
