import { type ApiRoute, isCommand } from './api-route.js';
import type { ProblemName } from '../problem-types.js';
import { idPlace } from './path-places.js';

type Problems = Readonly<Record<number, readonly ProblemName[]>>;

/** Problems of any request, by status. */
const EVERYWHERE: Problems = {
  400: ['unreadable-request'],
  408: ['slow-request'],
  421: ['foreign-host'],
  429: ['too-many-requests'],
  431: ['headers-too-large'],
  503: ['database-away', 'conflict'],
};
const SIGNED_IN: Problems = { 401: ['not-signed-in'] };
const COMMAND: Problems = {
  400: ['invalid-idempotency-key'],
  403: ['foreign-origin'],
  422: ['idempotency-key-reused'],
};
const JSON_BODY: Problems = {
  400: ['invalid-request'],
  413: ['too-large'],
  415: ['no-json', 'unsupported-encoding'],
};
const RAW_BODY: Problems = { 413: ['too-large'], 415: ['unsupported-encoding'] };
const QUERY: Problems = { 400: ['invalid-request'] };
const SCHEDULER: Problems = {
  400: ['invalid-request'],
  404: [],
  409: ['not-now'],
  503: ['scheduler-away'],
};

/** Names of all problems that a route can return, by status; its own come before those shared with other routes. */
export function problemsOf(route: ApiRoute): Map<number, readonly ProblemName[]> {
  const unknownIds = route.places.flatMap((place) => idPlace(place)?.problem ?? []);
  const all: readonly Problems[] = [
    route.answers?.problems ?? {},
    unknownIds.length > 0 ? { 404: unknownIds } : {},
    ...(route.body ? [JSON_BODY] : []),
    ...(route.answers?.bodies ? [RAW_BODY] : []),
    ...(route.query ? [QUERY] : []),
    ...(route.isKeptByScheduler ? [SCHEDULER] : []),
    ...(isCommand(route) ? [COMMAND] : []),
    ...(route.isPublic ? [] : [SIGNED_IN]),
    EVERYWHERE,
  ];
  const names = new Map<number, ProblemName[]>();
  for (const [status, given] of all.flatMap((problems) => Object.entries(problems)))
    names.set(Number(status), [...new Set([...(names.get(Number(status)) ?? []), ...given])]);
  return new Map([...names].filter(([, given]) => given.length > 0).sort(([a], [b]) => a - b));
}
