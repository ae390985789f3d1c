import { z } from 'zod';

const DIGITS = /^\d{1,15}$/;

/**
 * A whole number in a query, written in digits. What JavaScript takes for a number besides, such as nothing at all, blanks
 * or "1e3", is more likely a mistake of the sender.
 */
export const queryInteger = (least: number, most: number) =>
  z.preprocess(
    (given) => (typeof given === 'string' && DIGITS.test(given) ? Number(given) : given),
    z.int('give a whole number, in digits').min(least).max(most),
  );
