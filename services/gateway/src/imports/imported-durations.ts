import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AfterCommit, ImportsRepository } from '#libs/database';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { measureMedia } from '../media-files/media-duration.js';
import { locateMedia } from '../media-files/media-path.js';

/** Files that are measured before the results are written. */
const CHUNK = 200;

/**
 * Measures the durations of imported media files in the background, one file at a time, after the import is committed. A
 * duration that is not measured before the gateway stops remains unknown until an app reports it.
 */
@Injectable()
export class ImportedDurations implements OnApplicationShutdown {
  private isStopping = false;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly imports: ImportsRepository,
    private readonly afterCommit: AfterCommit,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Queues an import; imports are measured one at a time. */
  follow(id: number): Promise<void> {
    return this.afterCommit.do(() => {
      // If the database or a file is unavailable, the durations simply stay unknown.
      this.last = this.last.then(() => this.measure(id)).catch(() => undefined);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.last;
  }

  private async measure(id: number): Promise<void> {
    let after = 0;
    while (!this.isStopping) {
      const files = await this.imports.unmeasured(id, after, CHUNK);
      const last = files.at(-1);
      if (!last) return;
      after = last.n;
      const measured: { id: number; durationMs: number }[] = [];
      for (const file of files) {
        if (this.isStopping) break;
        const path = await locateMedia(file.path, this.config.MEDIA_FOLDERS).catch(() => null);
        const durationMs = path === null ? null : await measureMedia(path);
        if (durationMs !== null) measured.push({ id: file.id, durationMs });
      }
      await this.imports.measured(measured);
    }
  }
}
