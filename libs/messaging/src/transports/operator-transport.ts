import type { Service, ServiceMsg } from 'nats';
import { z } from 'zod';
import {
  OPERATOR_GUIDE,
  OPERATOR_SERVICE,
  OPERATOR_SERVICE_VERSION,
  OPERATOR_VERBS,
  type OperatorError,
  operatorSubject,
  type OperatorVerb,
} from '#libs/contracts';
import type { Logger } from '#libs/runtime';
import { OperatorRefusal } from '../errors.js';
import type { NatsLink } from '../nats-link.js';
import { readOperatorRequest } from '../operator-request.js';
import { NestTransport } from './nest-transport.js';

const VERBS = Object.keys(OPERATOR_VERBS) as OperatorVerb[];

/**
 * Gives requests on `chowda.<verb>` to the handlers of these names, and answers with what they return. It is a service
 * of the NATS services API (ADR-32): `nats micro info chowda` shows what each endpoint takes. What a handler throws as
 * OperatorRefusal is answered as it is, in the body and in the headers of a service error.
 */
export class OperatorTransport extends NestTransport {
  private service: Service | undefined;
  private readonly answering = new Set<Promise<void>>();

  constructor(
    private readonly link: NatsLink,
    private readonly log: Logger,
  ) {
    super();
  }

  protected async begin(): Promise<void> {
    const handlers = VERBS.map((verb) => [verb, this.handlerOf<unknown, object>(verb)] as const);
    this.service = await this.link.connection.services.add({
      name: OPERATOR_SERVICE,
      version: OPERATOR_SERVICE_VERSION,
      description: 'Operates Chowda: what is asked of it is done by the active scheduler.',
    });
    void this.service.stopped.then((error) => {
      if (error) this.log.error({ err: error }, 'operators are not answered any more; start the scheduler again');
    });
    const group = this.service.addGroup(OPERATOR_SERVICE);
    for (const [verb, handle] of handlers) {
      group.addEndpoint(verb, {
        handler: (_, message) => this.track(this.answer(verb, message, handle)),
        metadata: endpointMetadata(verb),
      });
    }
  }

  /** Takes no more requests, and answers those that have arrived. */
  async close(): Promise<void> {
    await this.service?.stop();
    await Promise.allSettled(this.answering);
  }

  private track(answering: Promise<void>): void {
    this.answering.add(answering);
    void answering.finally(() => this.answering.delete(answering));
  }

  private async answer(
    verb: OperatorVerb,
    message: ServiceMsg,
    handle: (request: unknown) => Promise<object>,
  ): Promise<void> {
    try {
      const answer = await handle(readOperatorRequest(verb, message.data));
      message.respond(JSON.stringify(answer));
    } catch (error) {
      const { code, sentence } = this.refusalOf(verb, error);
      const body: OperatorError = { ok: false, code, sentence };
      message.respondError(code, sentence.replaceAll(/[\r\n]+/g, ' '), Buffer.from(JSON.stringify(body)));
    }
  }

  private refusalOf(verb: OperatorVerb, error: unknown): OperatorRefusal {
    if (error instanceof OperatorRefusal) return error;
    this.log.error({ err: error, verb }, 'a request of an operator failed');
    return new OperatorRefusal(500, 'Something went wrong here. Ask again; the log of the scheduler tells more.');
  }
}

const endpointMetadata = (verb: OperatorVerb): Record<string, string> => ({
  does: OPERATOR_GUIDE[verb].does,
  example: `nats req ${operatorSubject(verb)} '${JSON.stringify(OPERATOR_GUIDE[verb].example)}'`,
  schema: JSON.stringify(z.toJSONSchema(OPERATOR_VERBS[verb], { io: 'input' })),
});
