import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { problemType } from '#libs/contracts';
import { unknown } from '../problem-error.js';
import { OUTSIDE_ROUTES, PROBLEM_TYPES, type ProblemName, RENAMED } from '../problem-types.js';
import { Answers } from './answers.decorator.js';
import { Tag } from './tags.js';
import { ApiRoutes } from './api-routes.js';
import { problemsOf } from './common-problems.js';

const problemTypeSchema = z.object({
  type: z.string(),
  title: z.string(),
  /** Meaning, and what to do. */
  meaning: z.string(),
  /** HTTP statuses of responses with this problem. */
  statuses: z.array(z.int()),
  /** Requests that can return it. */
  answeredBy: z.array(z.object({ method: z.string(), path: z.string(), summary: z.string() })),
});
type ProblemType = z.infer<typeof problemTypeSchema>;

const isProblemName = (name: string): name is ProblemName => Object.hasOwn(PROBLEM_TYPES, name);

/** Explains each problem type at the URL that is its `type`. */
@Tag('interface')
@Controller('problems')
export class ProblemsController {
  constructor(private readonly routes: ApiRoutes) {}

  @Get(':name')
  @Answers({
    summary: 'Explain a problem type, and list the requests that can return it',
    answers: { 200: problemTypeSchema },
    problems: { 404: ['unknown-problem'] },
  })
  find(@Param('name') given: string): ProblemType {
    const name = Object.hasOwn(RENAMED, given) ? RENAMED[given]! : given;
    if (!isProblemName(name)) throw unknown('problem', name.slice(0, 40));
    const found = this.routes
      .list()
      .flatMap((route) =>
        [...problemsOf(route)].filter(([, names]) => names.includes(name)).map(([status]) => ({ status, route })),
      );
    const statuses = [...found.map(({ status }) => status), OUTSIDE_ROUTES[name] ?? []].flat();
    return {
      type: problemType(name),
      title: name.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase()),
      meaning: PROBLEM_TYPES[name],
      statuses: [...new Set(statuses)].sort((a, b) => a - b),
      answeredBy: found.map(({ route: { method, path, answers } }) => ({
        method: method.toUpperCase(),
        path,
        summary: answers?.summary ?? '',
      })),
    };
  }
}
