import { AsyncLocalStorage } from 'node:async_hooks';
import { Reflector } from '@nestjs/core';

/**
 * Marks a controller whose commands the scheduler does: it keeps their keys with their effects. A transaction here would
 * only wait for it.
 */
export const KeptByScheduler = Reflector.createDecorator<true>();

/** A command on its way to the scheduler. */
export interface SentCommand {
  readonly key: string;
  /** Set when it was done before. */
  replayed: boolean;
}

/** The command under way, for whoever hands it to the scheduler; none without a key. */
export const sentCommand = new AsyncLocalStorage<SentCommand>();
