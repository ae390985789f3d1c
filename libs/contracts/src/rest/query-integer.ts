import { z } from 'zod';

const DIGITS = /^\d{1,15}$/;

/**
 * A whole number in a query, in digits. Other text that JavaScript converts to a number, such as an empty value, spaces
 * or "1e3", is rejected as a probable mistake.
 */
export const queryInteger = (least: number, most: number) =>
  z.preprocess(
    (given) => (typeof given === 'string' && DIGITS.test(given) ? Number(given) : given),
    z
      .int('must be a whole number in digits')
      .min(least, `must be at least ${least}`)
      .max(most, `must be at most ${most}`),
  );
