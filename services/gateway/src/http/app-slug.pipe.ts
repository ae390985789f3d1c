import type { PipeTransform } from '@nestjs/common';
import { isToken } from '#libs/contracts';
import { unknown } from './problem-error.js';

const MAX_LENGTH = 200;

/** The slug of an app in a path. A malformed slug is 404, like any unknown app. */
export const appSlugPipe: PipeTransform<string, string> = {
  transform: (text) => {
    if (!isToken(text) || text.length > MAX_LENGTH) throw unknown('app', text.slice(0, 40));
    return text;
  },
};
