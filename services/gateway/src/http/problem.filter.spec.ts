import { describe, expect, it } from '@jest/globals';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { documentsBusy, unknown } from './problem-error.js';
import { sendProblem } from './problem.filter.js';

const respond = ({ problem }: ReturnType<typeof unknown>, headers: Record<string, string> = {}) => {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  sendProblem(response, problem);
  return { status: response.statusCode, retryAfter: response.getHeader('retry-after') };
};

describe(sendProblem, () => {
  it('states with status 503 when to try again', () => {
    expect(respond(documentsBusy())).toEqual({ status: 503, retryAfter: 10 });
  });

  it('keeps a time that was set before', () => {
    expect(respond(documentsBusy(), { 'retry-after': '3' })).toEqual({ status: 503, retryAfter: '3' });
  });

  it('states no time with other problems', () => {
    expect(respond(unknown('batch', 1))).toEqual({ status: 404, retryAfter: undefined });
  });
});
