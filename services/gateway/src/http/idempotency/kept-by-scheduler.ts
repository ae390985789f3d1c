import { AsyncLocalStorage } from 'node:async_hooks';
import { Reflector } from '@nestjs/core';

/**
 * Marks a controller whose commands the scheduler carries out. The scheduler stores their keys in the transaction of
 * their effects; a transaction in the gateway would only wait for it.
 */
export const KeptByScheduler = Reflector.createDecorator<true>();

/** A command that is being sent to the scheduler. */
export interface SentCommand {
  readonly key: string;
  /** The scheduler sets it if it had carried out the command before. */
  replayed: boolean;
}

/** The command of the current request, for the service that sends it to the scheduler; undefined without a key. */
export const sentCommand = new AsyncLocalStorage<SentCommand>();
