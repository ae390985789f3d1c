import type { Settlement, StageMessage } from '../history.js';
import { stageName } from './stage-name.js';

/** Stage messages that hand over another document than the stage before settled in their lineage. */
export function handedOnWrongly(messages: readonly StageMessage[], settlements: readonly Settlement[]): string[] {
  const settled = new Map(settlements.map(({ run, index, root, document }) => [`${run}/${index}/${root}`, document]));
  return messages.flatMap((message) => {
    const expected = settled.get(`${message.run}/${message.index - 1}/${message.root}`);
    if (expected === undefined || expected === message.document) return [];
    return [`${stageName(message)} was handed ${message.document}, the stage before settled ${expected}`];
  });
}
