import { describe, expect, it } from '@jest/globals';
import { problemOf, ProblemError, readProblem } from './problem-error.js';

const problem = {
  type: '/problems/unknown-batch',
  title: 'No such batch',
  status: 404,
  detail: 'There is no batch 9.',
};

describe(readProblem, () => {
  it('keeps the problem of the server, with the request ID of the header if the body has none', () => {
    expect(readProblem(404, 'abc', JSON.stringify(problem))).toEqual({ ...problem, requestId: 'abc' });
    const withId = { ...problem, requestId: 'from-body' };
    expect(readProblem(404, 'abc', JSON.stringify(withId)).requestId).toBe('from-body');
  });

  it.each(['', '<html>Bad gateway</html>', '{"error":"x"}'])('describes the response %j by its status', (body) => {
    expect(readProblem(502, null, body)).toMatchObject({ status: 502, title: 'The server returned status 502' });
  });
});

describe(problemOf, () => {
  it('describes an error of the page, and returns the problem of a request', () => {
    expect(problemOf(new TypeError('x is not a function'))).toMatchObject({ status: 0, detail: 'x is not a function' });
    expect(problemOf(new ProblemError(problem))).toBe(problem);
  });
});
