import { OperatorRefusal } from '#libs/messaging';

/** The run, batch, app or dead letter does not exist. */
export const noSuch = (noun: string, name: string | number) =>
  new OperatorRefusal(
    404,
    `There is no ${noun} ${name}. Check the list of ${noun === 'batch' ? 'batches' : `${noun}s`}.`,
  );

/** The command is not possible in the current state; the sentence gives the reason. */
export const notNow = (sentence: string) => new OperatorRefusal(409, sentence);
