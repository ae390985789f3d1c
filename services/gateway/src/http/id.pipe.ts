import type { PipeTransform } from '@nestjs/common';
import { unknown } from './problem-error.js';
import type { UnknownNoun } from './problem-types.js';

/** Largest value of a Postgres integer. */
const MAX_INTEGER = 2 ** 31 - 1;

/** A numeric ID in a path. A malformed ID is 404, like any unknown ID. */
export class IdPipe implements PipeTransform<string, number> {
  constructor(
    readonly noun: UnknownNoun,
    readonly max = MAX_INTEGER,
  ) {}

  transform(text: string): number {
    const id = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (!(id <= this.max)) throw unknown(this.noun, text.slice(0, 40));
    return id;
  }
}
