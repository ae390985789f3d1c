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
import type { NatsLink } from '../connection/nats-link.js';
import { readOperatorRequest } from '../operators/operator-request.js';
import { NestTransport } from './nest-transport.js';

const VERBS = Object.keys(OPERATOR_VERBS) as OperatorVerb[];

/**
 * Passes requests on `chowda.<verb>` to the handlers of these names and returns their results. It is a service of the
 * NATS services API (ADR-32): `nats micro info chowda` shows the request of each endpoint. An OperatorRefusal of a
 * handler is returned in the body and in the headers of a service error; any other error is logged and answered with
 * code 500.
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
      description: 'Operates Chowda; the active scheduler executes the requests.',
    });
    void this.service.stopped.then((error) => {
      if (error) this.log.error({ err: error }, 'operator requests are no longer answered; restart the scheduler');
    });
    const group = this.service.addGroup(OPERATOR_SERVICE);
    for (const [verb, handle] of handlers) {
      group.addEndpoint(verb, {
        handler: (_, message) => this.track(this.answer(verb, message, handle)),
        metadata: endpointMetadata(verb),
      });
    }
  }

  /** Accepts no more requests and answers those that have arrived. */
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
    this.log.error({ err: error, verb }, 'an operator request failed');
    return new OperatorRefusal(500, 'Internal error. Try again, and see the scheduler log.');
  }
}

const endpointMetadata = (verb: OperatorVerb): Record<string, string> => ({
  does: OPERATOR_GUIDE[verb].does,
  example: `nats req ${operatorSubject(verb)} '${JSON.stringify(OPERATOR_GUIDE[verb].example)}'`,
  schema: JSON.stringify(z.toJSONSchema(OPERATOR_VERBS[verb], { io: 'input' })),
});
