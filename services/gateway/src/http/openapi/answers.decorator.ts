import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import type { z } from 'zod';
import type { ProblemName } from '../problem-types.js';

/** A body that is written as it is: its media type or types, and what it holds in a sentence. */
export interface RawAnswer {
  readonly type: string | readonly string[];
  readonly description: string;
}

/** What a route does and answers, for the OpenAPI document. */
export interface RouteAnswers {
  /** What it does, as "Start a batch". */
  readonly summary: string;
  /** Answers that are no problem, by status; null has no body. */
  readonly answers: Readonly<Record<number, z.ZodType | RawAnswer | null>>;
  /** Names of the problems of its own, by status; those that every route may answer are left out. */
  readonly problems?: Readonly<Record<number, readonly ProblemName[]>>;
  /** What is read as its body by itself, by media type: what it holds, or its schema. */
  readonly bodies?: Readonly<Record<string, z.ZodType | string>>;
}

export const ROUTE_ANSWERS = 'chowda:answers';

/** Tells what a route does and answers. */
export const Answers = (route: RouteAnswers): CustomDecorator => SetMetadata(ROUTE_ANSWERS, route);
