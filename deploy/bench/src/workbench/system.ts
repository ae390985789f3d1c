import type { AppServer } from '../chowda/app-server.js';

/** A batch that is ready to start. */
export interface ReadyBatch {
  /** Requests the start; resolves when the system reports by a message that the batch is finished. */
  run(): Promise<void>;
  /** Asks whether the batch is finished. */
  isFinished(): Promise<boolean>;
  /** Number of files that are stored as done. */
  doneFiles(): Promise<number>;
}

/** Chowda or a peer, with its apps, as the parts use it that compare them from the apps' side. */
export interface System {
  readonly name: string;
  readonly apps: AppServer;
  /** Creates a batch of new files. */
  prepare(files: number): Promise<ReadyBatch>;
  /** Kills the process that calls the apps with SIGKILL and starts another one. */
  replaceWorker(): Promise<void>;
}
