import { OperatorRefusal } from '#libs/messaging';

/** There is no such run, batch, app or dead letter. */
export const noSuch = (noun: string, name: string | number) =>
  new OperatorRefusal(404, `There is no ${noun} ${name}. Look it up in its list.`);

/** Something is not in a state in which this can be done; the sentence says why, and what to do. */
export const notNow = (sentence: string) => new OperatorRefusal(409, sentence);
