import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import type { z } from 'zod';
import type { BodyLimit } from '../body-limits.js';
import type { ProblemName } from '../problem-types.js';

/** A body that is sent as text or bytes: its media type or types, and a sentence about its content. */
export interface RawAnswer {
  readonly type: string | readonly string[];
  readonly description: string;
}

/** Resources that a client can read next, with the values of their path parameters. */
export interface RouteLink {
  /** Path of a resource as in OpenAPI; the link also covers everything below it that needs no other parameter. */
  readonly to: string;
  /** OpenAPI runtime expression for each path parameter. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Everything about a route that Nest does not know. The OpenAPI document and the body limits are made from it. */
export interface RouteAnswers {
  /** An imperative, such as "Start a batch". */
  readonly summary: string;
  /** Rules that a user of the route needs beyond the summary, as Markdown. */
  readonly description?: string;
  /** Successful responses by status; null means no body. */
  readonly answers: Readonly<Record<number, z.ZodType | RawAnswer | null>>;
  /** Problems of this route, by status. `common-problems.ts` adds those that many routes share. */
  readonly problems?: Readonly<Record<number, readonly ProblemName[]>>;
  /** Bodies that the handler reads itself, by media type: a description or a schema. */
  readonly bodies?: Readonly<Record<string, z.ZodType | string>>;
  /** Named examples of the JSON body, where the one that is generated from the schema does not show enough. */
  readonly examples?: Readonly<Record<string, object>>;
  /** Largest body that is parsed in memory; default: `BODY_LIMITS.command`. `@Spools` sets it for bodies in files. */
  readonly limit?: BodyLimit;
  /** Descriptions of query parameters whose schema has none, by name. */
  readonly query?: Readonly<Record<string, string>>;
  /** Resources that a client can read next. */
  readonly links?: readonly RouteLink[];
}

export const ROUTE_ANSWERS = 'chowda:answers';

/** Describes a route: what it does, receives and returns. */
export const Answers = (route: RouteAnswers): CustomDecorator => SetMetadata(ROUTE_ANSWERS, route);
