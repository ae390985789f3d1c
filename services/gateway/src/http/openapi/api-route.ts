import { RequestMethod, type Type } from '@nestjs/common';
import { RouteParamtypes } from '@nestjs/common/internal';
import { METHOD_METADATA, PARAMTYPES_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { Reflector } from '@nestjs/core';
import type { z } from 'zod';
import { Public } from '../public.decorator.js';
import { KeptByScheduler } from '../idempotency/kept-by-scheduler.js';
import { BODY_LIMITS, type BodyLimit } from '../body-limits.js';
import { SPOOL_LIMIT } from '../spool/spools.decorator.js';
import { ROUTE_ANSWERS, type RouteAnswers } from './answers.decorator.js';
import { Tag, type TagKey } from './tags.js';

/** A parameter in a path. */
export interface PathPlace {
  readonly name: string;
  readonly pipes: readonly unknown[];
}

/** A route of the gateway, read from the metadata that Nest and our decorators attach to controllers. */
export interface ApiRoute {
  readonly method: string;
  /** As in OpenAPI: `/api/batches/{id}`. */
  readonly path: string;
  /** Name of controller and handler. */
  readonly name: string;
  readonly isPublic: boolean;
  /** The scheduler carries out the command and keeps its `Idempotency-Key`. */
  readonly isKeptByScheduler: boolean;
  /** Classes that its controller injects. */
  readonly controllerNeeds: readonly unknown[];
  /** Null where `@Answers` is missing. */
  readonly answers: RouteAnswers | null;
  /** Null where `@Tag` is missing. */
  readonly tag: TagKey | null;
  readonly limit: BodyLimit;
  readonly places: readonly PathPlace[];
  /** Schema of its whole query, and names of parameters that it reads one by one. */
  readonly query: z.ZodType | null;
  readonly queryNames: readonly string[];
  /** Schema of its JSON body. */
  readonly body: z.ZodType | null;
}

/** Whether a request on a route may change something. */
export const isCommand = ({ method }: Pick<ApiRoute, 'method'>): boolean => !['get', 'head'].includes(method);

interface RouteArgument {
  readonly data?: unknown;
  readonly pipes: readonly unknown[];
  readonly schema?: z.ZodType;
}

const reflector = new Reflector();

/** The routes of a controller, in the order of its methods. */
export function routesOf(controller: Type): ApiRoute[] {
  const handlers = Object.getOwnPropertyNames(controller.prototype).filter((name) => name !== 'constructor');
  return handlers.flatMap((handler) => {
    const method = (controller.prototype as Record<string, object>)[handler]!;
    const path = Reflect.getMetadata(PATH_METADATA, method) as string | string[] | undefined;
    if (path === undefined) return [];
    const verb = RequestMethod[Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod];
    const answers = Reflect.getMetadata(ROUTE_ANSWERS, method) as RouteAnswers | undefined;
    const spoolLimit = Reflect.getMetadata(SPOOL_LIMIT, method) as BodyLimit | undefined;
    const prefix = Reflect.getMetadata(PATH_METADATA, controller) as string | string[];
    return [prefix].flat().flatMap((head) =>
      [path].flat().map((tail) => ({
        method: verb.toLowerCase(),
        path: openApiPath(head, tail),
        name: `${controller.name}.${handler}`,
        isPublic: reflector.get(Public, controller) === true,
        controllerNeeds: (Reflect.getMetadata(PARAMTYPES_METADATA, controller) as unknown[] | undefined) ?? [],
        isKeptByScheduler: reflector.get(KeptByScheduler, controller) === true,
        answers: answers ?? null,
        tag: reflector.getAllAndOverride(Tag, [method as never, controller]) ?? null,
        limit: answers?.limit ?? spoolLimit ?? BODY_LIMITS.command,
        ...argumentsOf(controller, handler),
      })),
    );
  });
}

function argumentsOf(controller: Type, handler: string) {
  const found = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler) ?? {}) as Record<string, RouteArgument>;
  const of = (kind: RouteParamtypes) =>
    Object.entries(found)
      .filter(([key]) => key.startsWith(`${kind}:`))
      .map(([, argument]) => argument);
  const queries = of(RouteParamtypes.QUERY);
  return {
    places: of(RouteParamtypes.PARAM).flatMap(({ data, pipes }) =>
      typeof data === 'string' ? [{ name: data, pipes }] : [],
    ),
    query: queries.find(({ data, schema }) => data === undefined && schema)?.schema ?? null,
    queryNames: queries.flatMap(({ data }) => (typeof data === 'string' ? [data] : [])),
    body: of(RouteParamtypes.BODY).find(({ schema }) => schema)?.schema ?? null,
  };
}

const openApiPath = (head: string, tail: string): string =>
  `/${head}/${tail}`
    .replaceAll(/\/+/g, '/')
    .replaceAll(/:(\w+)/g, '{$1}')
    .replace(/(?<=.)\/$/, '');
