import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { problemType } from '#libs/contracts';
import { unknown } from '../problem-error.js';
import { OUTSIDE_ROUTES, PROBLEM_TYPES, type ProblemName } from '../problem-types.js';
import { Answers } from './answers.decorator.js';
import { Tag } from './tags.js';
import { ApiRoutes } from './api-routes.js';
import { problemsOf } from './common-problems.js';

const problemTypeSchema = z.object({
  type: z.string(),
  title: z.string(),
  /** What it means, and what to do. */
  meaning: z.string(),
  /** Statuses that it comes with. */
  statuses: z.array(z.int()),
  /** What may be answered with it. */
  answeredBy: z.array(z.object({ method: z.string(), path: z.string(), summary: z.string() })),
});
type ProblemType = z.infer<typeof problemTypeSchema>;

const isProblemName = (name: string): name is ProblemName => Object.hasOwn(PROBLEM_TYPES, name);

/** What the types of problems stand for, at their own addresses. */
@Tag('interface')
@Controller('problems')
export class ProblemsController {
  constructor(private readonly routes: ApiRoutes) {}

  @Get(':name')
  @Answers({
    summary: 'Tell what a type of problem stands for, and what is answered with it',
    answers: { 200: problemTypeSchema },
    problems: { 404: ['unknown-problem'] },
  })
  find(@Param('name') name: string): ProblemType {
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
