import { describe, expect, it } from '@jest/globals';
import { BadRequestException, InternalServerErrorException, NotFoundException } from '@nestjs/common';
import { unknown } from './problem-error.js';
import { problemOf } from './problem-of.js';

const withStatus = (status: number) => Object.assign(new Error('inside'), { status });

describe('problemOf', () => {
  it('returns the problem of a ProblemError', () => {
    expect(problemOf(unknown('media file', 7))).toEqual({
      type: '/problems/unknown-media-file',
      title: 'No such media file',
      status: 404,
      detail: 'There is no media file 7. Find it in its list.',
    });
  });

  it.each([
    [new BadRequestException('Unexpected end of JSON input'), 400, 'unreadable-request'],
    [new NotFoundException(), 404, 'unknown-route'],
    [withStatus(413), 413, 'too-large'],
    [withStatus(415), 415, 'unsupported-encoding'],
    [Object.assign(new Error('inside'), { code: 'ECONNREFUSED' }), 503, 'database-away'],
    [Object.assign(new Error('inside'), { code: '40P01' }), 503, 'conflict'],
    [new InternalServerErrorException('inside'), 500, 'internal'],
    [withStatus(500), 500, 'internal'],
    [new Error('inside'), 500, 'internal'],
    ['inside', 500, 'internal'],
    [null, 500, 'internal'],
    [undefined, 500, 'internal'],
  ])('turns %p into %i %s', (error, status, name) => {
    expect(problemOf(error)).toMatchObject({ status, type: `/problems/${name}` });
  });

  it('includes the message of the body parser, and nothing of an unexpected error', () => {
    expect(problemOf(new BadRequestException('Unexpected end of JSON input')).detail).toContain('Unexpected end');
    for (const error of [new Error('inside'), withStatus(413), 'inside', new InternalServerErrorException('inside')])
      expect(JSON.stringify(problemOf(error))).not.toContain('inside');
  });
});
