import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CommandAnswer, KeyedCommandAnswer, OperatorVerb } from '#libs/contracts';
import { CommandKeysRepository, KeyReused } from '#libs/database';
import { OperatorRefusal } from '#libs/messaging';

interface KeyedRequest {
  readonly actor: string;
  readonly key?: string | undefined;
}

const DONE = 200;

/** Executes a command that has a key once, however often it is sent: effects, answer and key are one transaction. */
@Injectable()
export class OncePerKey {
  constructor(private readonly keys: CommandKeysRepository) {}

  /** Throws OperatorRefusal when the key was used for another command. A refusal by `work` leaves the key unused. */
  async do(verb: OperatorVerb, request: KeyedRequest, work: () => Promise<CommandAnswer>): Promise<KeyedCommandAnswer> {
    const { key, ...command } = request;
    if (key === undefined) return work();
    const digest = createHash('sha256')
      .update(JSON.stringify([verb, command]))
      .digest('hex');
    try {
      const { replayed, answer } = await this.keys.once({ actor: request.actor, key, digest }, async () => ({
        status: DONE,
        body: JSON.stringify(await work()),
      }));
      return { ...(JSON.parse(answer.body!) as KeyedCommandAnswer), ...(replayed ? { replayed } : {}) };
    } catch (error) {
      if (error instanceof KeyReused)
        throw new OperatorRefusal(422, `The key ${key} was used for another command. Use a new key for each command.`);
      throw error;
    }
  }
}
